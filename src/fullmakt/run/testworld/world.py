"""The test world: a house that can be filled, emptied, put back and moved in time.

While one house takes another's place there is none, and requests wait at the front.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from fullmakt.access.catalog.service import load_catalog
from fullmakt.access.policy.semantics import STANDARD, Semantics
from fullmakt.credentials.clients import service as clients
from fullmakt.run.server.clocks import MachineClock
from fullmakt.run.server.house import HouseSettings, open_database, open_house
from fullmakt.run.server.schema import begin_world
from fullmakt.run.testworld import snapshot_store, store
from fullmakt.run.testworld.clock import WorldClock
from fullmakt.run.testworld.decision_asker import TAX_CLIENT, DecisionAsker
from fullmakt.run.testworld.prepared import FOLDER, keep_prepared, put_prepared
from fullmakt.run.testworld.real_hosts import TT02
from fullmakt.run.testworld.snapshots import Snapshots
from fullmakt.run.testworld.spare_keys import SpareKeys
from fullmakt.run.testworld.worldfile.applying import apply_world
from fullmakt.run.testworld.worldfile.entries import World
from fullmakt.run.testworld.worldfile.exporting import export_world
from fullmakt.run.testworld.worldfile.reading import read_world_text
from fullmakt.services.notices.endpoints import EndpointRule

if TYPE_CHECKING:
    from datetime import datetime

    from fullmakt.foundation.jose.keys import PrivateKey
    from fullmakt.foundation.storage.database import Database, Journal
    from fullmakt.run.server.house import House
    from fullmakt.run.testworld.snapshot_store import Copied

_logger = logging.getLogger(__name__)
PROFILE = "test"
DEFAULT_WORLD = Path(__file__).with_name("default_world.json")
_ACTOR = "test-world"
_FILE = "world.db"
_MOST_REMEMBERED = 5_000


class WorldStandsError(Exception):
    """A world file was named for a database that holds a world already."""


@dataclass(frozen=True, slots=True)
class WorldSettings:
    """Where a test world is kept and reached. Without a database URL it is in memory.

    `snapshots` is the folder of its snapshots; None puts them where the world in memory is.
    """

    base: str
    database_url: str | None = None
    snapshots: Path | None = None
    semantics: Semantics = STANDARD
    prepared: Path = FOLDER
    """Where the default world is kept as a database file, to be copied."""


def default_world() -> World:
    """The world that ships with the program."""
    return read_world_text(DEFAULT_WORLD.read_bytes(), load_catalog())


class TestWorld:
    """One test world, and the house that stands for it now."""

    __test__ = False

    def __init__(self, settings: WorldSettings, *, keys: SpareKeys | None = None) -> None:
        self._folder = None if settings.database_url else Path(tempfile.mkdtemp(prefix="fullmakt-"))
        url = settings.database_url or f"sqlite:///{self._folder}/{_FILE}"
        self._prepared = settings.prepared
        self._settings = HouseSettings(
            url,
            settings.base,
            PROFILE,
            is_durable=settings.database_url is not None,
            semantics=settings.semantics,
            is_decision_open=True,
            endpoint_rule=EndpointRule.LOOPBACK,
            is_platform_trusted=True,
            hosts=TT02,
        )
        self._keys = keys or SpareKeys()
        self._changing = threading.Lock()
        self._asker: DecisionAsker | None = None
        self._tax_key: PrivateKey | None = None
        self.machine_clock = MachineClock()
        self.clock = WorldClock(self.machine_clock)
        snapshots = settings.snapshots or self._folder or Path("snapshots")
        self.snapshots = Snapshots(snapshots)
        self._known: tuple[World, Copied] | None = None
        self.house: House | None = None
        """The house that stands now; None while another takes its place."""

    def open(self, content: World | None) -> None:
        """Open the world; in a new database fill it with `content`, by default the default world.

        Raises: WorldRefused, WorldStandsError.
        """
        if content is None and self._folder is not None:
            self._put_default_world(self._folder / _FILE)
        database = open_database(self._settings, clock=self.clock)
        try:
            self._open_content(database, content)
            self.house = self._house_over(database)
        except BaseException:
            database.close()
            raise

    def _put_default_world(self, file: Path) -> None:
        # SPEED: filling the default world takes longer than all else that opens it
        # (benchmarks/start.py).
        if put_prepared(file, folder=self._prepared):
            try:
                with self._opened() as database:
                    with database.journal() as journal:
                        snapshot_store.begin_incarnation(journal.connection)
                    self._move_to(database, default_world())
            except Exception:  # noqa: BLE001  whatever is wrong with a copy, another can be made
                _logger.warning("the kept default world cannot be used; it is made again")
                for left in file.parent.glob(f"{file.name}*"):
                    left.unlink()
            else:
                return
        with self._opened() as database:
            store.make_tables(database)
            self._fill(database, default_world(), correlation="start")
        keep_prepared(file, folder=self._prepared)

    @contextmanager
    def _opened(self) -> Iterator[Database]:
        database = open_database(self._settings, clock=self.clock)
        try:
            yield database
        finally:
            database.close()

    def _open_content(self, database: Database, content: World | None) -> None:
        store.make_tables(database)
        with database.reading() as reading:
            is_empty = store.get_revision(reading) == 0
            self.clock.offset = store.find_offset(reading)
        if is_empty:
            self._fill(database, content or default_world(), correlation="start")
        elif content is not None:
            message = (
                "the database holds a world already; load the file into it with"
                " `fullmakt world load`, or take another --database"
            )
            raise WorldStandsError(message)

    def _house_over(self, database: Database, keys_at_hand: Collection[PrivateKey] = ()) -> House:
        # The key is seen by nobody else, so one does for all the worlds of this program.
        key = self._tax_key = self._tax_key or self._keys.take()
        asker = DecisionAsker(self._settings.base, key)
        house = open_house(
            self._settings,
            database,
            clock=self.clock,
            ask_decision=asker,
            make_key=lambda _use: self._keys.take(),
            keys_at_hand=keys_at_hand,
        )
        with database.authority(actor=_ACTOR, correlation="start") as work:
            if clients.find_client(work, TAX_CLIENT) is not None:
                for old in clients.list_keys(work, TAX_CLIENT):
                    clients.end_key(work, TAX_CLIENT, old.kid)
                clients.add_key(work, TAX_CLIENT, key.public, at=self.machine_clock.now())
        self._asker = asker
        return house

    def standing(self) -> House:
        """The house that stands now. For those who are inside it."""
        house = self.house
        assert house is not None, "a request waits at the front until there is a house"
        return house

    def revision(self) -> int:
        """The revision that the world is at."""
        with self.standing().database.reading() as reading:
            return store.get_revision(reading)

    def load(self, content: World, *, correlation: str) -> int:
        """Bring what is new in `content` into the world; how many entries. Raises: WorldRefused."""
        with self._changing:
            return self._apply(self.standing().database, content, correlation=correlation)

    def _fill(self, database: Database, content: World, *, correlation: str) -> None:
        """Fill an empty world, and remember the rows that the content became."""
        # It began when it says that it is, not today.
        if content.domain_time is not None:
            self.clock.offset = self.clock.offset_to(content.domain_time)
        self._apply(database, content, correlation=correlation)
        if len(content.organizations) + len(content.people) <= _MOST_REMEMBERED:
            with database.reading() as reading:
                self._known = (content, snapshot_store.copy_rows(reading))
        self._move_to(database, content)

    def _move_to(self, database: Database, content: World) -> None:
        if content.domain_time is not None:
            self._move(database, content.domain_time)

    def _apply(self, database: Database, content: World, *, correlation: str) -> int:
        catalog = load_catalog()
        with database.authority(actor=_ACTOR, correlation=correlation) as work:
            return apply_world(work, catalog, content, before=export_world(work, catalog))

    def export(self) -> World:
        """Everything that stands in the world now, and its time if somebody set it."""
        time = None if self.clock.offset is None else self.clock.now()
        house = self.standing()
        with house.database.reading() as reading:
            return export_world(reading, house.catalog, domain_time=time)

    def move_clock(self, to: datetime) -> None:
        """Make domain time `to` now; it runs on from there."""
        with self._changing:
            self._move(self.standing().database, to)

    def _move(self, database: Database, to: datetime) -> None:
        offset = self.clock.offset_to(to)
        with database.journal() as journal:
            store.replace_offset(journal, offset)
        self.clock.offset = offset

    def reset(self, content: World, *, correlation: str, is_known_to_load: bool = False) -> None:
        """Begin anew with `content`: tokens, ids and keys from before are gone.

        All or nothing: content not known to load is tried in a world of its own first. The content
        of the last time is put in as the rows it became.
        Raises: WorldRefused.
        """
        with self._changing:
            if not is_known_to_load:
                self._rehearse(content)
            if self._known is not None and self._known[0] == content:
                self._swap(partial(self._put_back, content, self._known[1]))
            else:
                self._swap(
                    self._begin_anew,
                    then=lambda database: self._fill_anew(database, content, correlation),
                )

    def _put_back(self, content: World, rows: Copied, journal: Journal) -> None:
        snapshot_store.put_rows(journal, rows)
        if content.domain_time is not None:
            store.replace_offset(journal, self.clock.offset_to(content.domain_time))

    @staticmethod
    def _begin_anew(journal: Journal) -> None:
        snapshot_store.replace_rows(journal, {})
        version = load_catalog().version
        begin_world(journal.connection, profile=PROFILE, catalog_version=version)

    def _fill_anew(self, database: Database, content: World, correlation: str) -> None:
        self.clock.offset = None
        self._fill(database, content, correlation=correlation)

    def _rehearse(self, content: World) -> None:
        with tempfile.TemporaryDirectory(prefix="fullmakt-") as folder:
            url = f"sqlite:///{folder}/rehearsal.db"
            settings = replace(self._settings, database_url=url, is_durable=False)
            clock = WorldClock(self.machine_clock)
            if content.domain_time is not None:
                clock.offset = clock.offset_to(content.domain_time)
            database = open_database(settings, clock=clock)
            try:
                store.make_tables(database)
                self._apply(database, content, correlation="rehearsal")
            finally:
                database.close()

    def save_snapshot(self, name: str) -> int:
        """Keep everything as it stands now under `name`; the revision kept."""
        with self._changing, self.standing().database.reading() as reading:
            self.snapshots.save(name, snapshot_store.list_rows(reading))
            return store.get_revision(reading)

    def restore_snapshot(self, name: str) -> None:
        """Bring back what was kept under `name`. Raises: SnapshotNotFound."""
        rows = self.snapshots.read(name)
        with self._changing:
            self._swap(lambda journal: snapshot_store.replace_rows(journal, rows))

    def _swap(
        self,
        replace: Callable[[Journal], None],
        *,
        then: Callable[[Database], None] = lambda _database: None,
    ) -> None:
        """Replace all rows, and put a new house in the place of the old."""
        old, old_asker, offset = self.standing(), self._asker, self.clock.offset
        # SPEED: the database stays open, with what the toolkit compiled for it; nothing of a world
        # is remembered there (benchmarks/fresh.py).
        database = old.database
        # INVARIANT: what is on its way is noted before, where it was sent from.
        old.notice_delivery.stop()
        self.house = None
        try:
            with database.journal() as journal:
                replace(journal)
            then(database)
            with database.reading() as reading:
                self.clock.offset = store.find_offset(reading)
            # SPEED: a snapshot most often has the keys that the world has now; reading them takes
            # half of the time of a restoration (benchmarks/start.py).
            new = self._house_over(database, old.signing_keys.signing)
        except BaseException:
            self.house, self.clock.offset = old, offset
            old.notice_delivery.resume()
            raise
        self.house = new
        old.leave()
        if old_asker is not None:
            old_asker.close()

    def close(self) -> None:
        """Close the house; a world in memory is gone."""
        if self.house is not None:
            self.house.close()
        if self._asker is not None:
            self._asker.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
