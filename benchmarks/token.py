"""`/token` over HTTP on one core, replay check durable, beside OpenSSL's own sign and verify.

Every grant is new and signed beforehand. The limit is what OpenSSL does for one RSA-2048 signature
and one verification on the same core, measured between the rounds.
"""

from __future__ import annotations

import re
import subprocess

from benchmarks.callers import register_client, sign_grants
from benchmarks.load import SERVER_CORE, Pressure, press, told
from benchmarks.running import running
from benchmarks.targets import Target, note
from benchmarks.worlds import built

_ROUNDS = 3
_SECONDS = 4
_GRANTS = 16_000


def main() -> None:
    """Print the figures."""
    world = built(1_000)
    client_id, pem = register_client(world.url)
    with running(world.url) as server:
        rounds, limits = [], []
        for _ in range(_ROUNDS):
            limits.append(_openssl_us())
            grants = sign_grants(pem, client_id, f"{server.base}/maskinporten/", _GRANTS)
            target = Pressure(
                "/maskinporten/token",
                "POST",
                "application/x-www-form-urlencoded",
                [("", form) for form in grants],
            )
            rounds.append(press(server.base, server.pid, target, seconds=_SECONDS, connections=16))
    print(told("token", rounds))
    ratios = sorted(limit / each.cpu_us for limit, each in zip(limits, rounds, strict=True))
    middle = sorted(limits)[len(limits) // 2]
    print(f"  openssl    {middle:7.1f} µs for one RSA-2048 signature and one verification")
    print(f"  token / openssl {ratios[len(ratios) // 2]:.2f}")
    note(Target.TOKEN, ratios[len(ratios) // 2])


def _openssl_us() -> float:
    command = ["taskset", "-c", SERVER_CORE, "openssl", "speed", "-seconds", "1", "rsa2048"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = re.search(r"rsa\s+2048 bits\s+([\d.]+)s?\s+([\d.]+)s?", done.stdout)
    if found is None:
        message = "openssl speed printed nothing that can be read"
        raise RuntimeError(message)
    rates = re.search(r"([\d.]+)\s+([\d.]+)\s*$", done.stdout.strip())
    assert rates is not None
    return 1e6 / float(rates[1]) + 1e6 / float(rates[2])


if __name__ == "__main__":
    main()
