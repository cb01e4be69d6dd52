"""`preceptor serve` itself, asked to stop in mid-spike."""

import signal
from dataclasses import replace

from bot.clock import utc_now
from tests.faults.ground import Ground, leased
from tests.faults.killed import spike
from tests.faults.outcome import Outcome
from tests.outside.processes import environment, on, running


async def serve_stopped(ground: Ground, kind: str, *, members: int, sent: int) -> Outcome:
    """Stop `serve` after some check-ins; a second process sends the rest."""
    broken: list[str] = []
    async with spike(ground, kind, members) as stage:
        url = stage.order.settings["DATABASE_URL"]
        env = environment(ground.folder, **on(stage.platform)) | {"DATABASE_URL": url}
        stage.platform.latency = 0.3  # so that some posts are under way
        async with running("serve", env=env) as serving:
            await stage.platform.reached(sent)
            began = utc_now()
            status = await serving.end(signal.SIGTERM)
            took = (utc_now() - began).total_seconds()
        if status != 0:
            broken.append(f"serve ended with {status}")
        if held := await stage.database.run(leased):
            broken.append(f"{held} leases were left")
        if not sent <= len(stage.platform.keys) < members:
            broken.append("it was not in mid-spike")
        before, ended = len(stage.platform.keys), utc_now()
        stage.platform.latency = 0.02
        stage.hire()
        found = await stage.outcome("SIGTERM to serve", ended, broken=broken)
        return replace(found, note=f"it ended in {took:.1f} s with {before} of {members} sent")
