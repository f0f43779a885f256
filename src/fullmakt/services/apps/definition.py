"""What a service room says of its app: names, data types, and what happens at each step.

The rooms above register their apps by putting them in the `AppDirectory` that the server is made
with. How instances are stored and answered is the same for all apps and not said here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from fullmakt.foundation.storage.database import Journal
from fullmakt.foundation.terms import urns
from fullmakt.services.apps.model import DataType, Outcome, Stage, Submission

Step = Callable[[Journal, Submission], Outcome]
"""What happens when a sender asks to leave a stage; runs in the transaction that moves on."""


@dataclass(frozen=True, slots=True)
class App:
    """One app: `org` is the service owner's short name, `name` the app's own.

    It answers under `also_called` too; all its names are one resource. An instance begins with an
    empty element of the `first` data type, and `first_content_type`. A stage without a step is left
    without further ado.
    """

    org: str
    name: str
    data_types: tuple[DataType, ...]
    first: str
    first_content_type: str = "application/xml"
    also_called: tuple[str, ...] = ()
    steps: Mapping[Stage, Step] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The app's id: `skd/mva-melding-innsending-v1`."""
        return f"{self.org}/{self.name}"

    @property
    def resource(self) -> str:
        """The resource that its policy is for."""
        return urns.app_resource(self.org, self.name)

    def find_data_type(self, name: str) -> DataType | None:
        """The data type with this name, whatever its letter case."""
        folded = name.casefold()
        return next((one for one in self.data_types if one.name.casefold() == folded), None)


class AppDirectory:
    """The apps of this house, by every name they answer under."""

    def __init__(self, apps: Iterable[App]) -> None:
        self._apps = {
            (app.org.casefold(), name.casefold()): app
            for app in apps
            for name in (app.name, *app.also_called)
        }

    def find(self, org: str, name: str) -> App | None:
        """The app that answers under `/{org}/{name}`."""
        return self._apps.get((org.casefold(), name.casefold()))
