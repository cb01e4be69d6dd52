"""A process that answers Slack's Web API with as little work as possible, and counts replies."""

import asyncio
import sys
import time

from aiohttp import web

#: How often anything was asked, and how many replies came.
counted = {"calls": 0, "replies": 0}
#: When numbered replies came, on the clock that all processes of a machine share.
came: dict[str, float] = {}


async def api(request: web.Request) -> web.Response:
    method = request.match_info["method"]
    counted["calls"] += 1
    if method == "auth.test":
        return web.json_response(
            {
                "ok": True,
                "team_id": "T1",
                "user_id": "UBOT",
                "bot_id": "B1",
                "team": "bench",
                "user": "preceptor",
                "url": "http://x/",
            }
        )
    if method == "users.info":
        return web.json_response(
            {
                "ok": True,
                "user": {"id": "U1", "tz": "Europe/London", "real_name": "A", "is_bot": False},
            }
        )
    return web.json_response({"ok": True, "ts": "1.1", "channel": "D1"})


async def reply(request: web.Request) -> web.Response:
    await request.read()
    if number := request.match_info.get("number"):
        came.setdefault(number, time.perf_counter())
    counted["calls"] += 1
    counted["replies"] += 1
    return web.Response(text="ok")


async def count(_: web.Request) -> web.Response:
    return web.json_response(counted)


async def times(_: web.Request) -> web.Response:
    told = dict(came)
    came.clear()
    return web.json_response(told)


async def main() -> None:
    app = web.Application()
    app.router.add_post("/api/{method}", api)
    app.router.add_post("/reply", reply)
    app.router.add_post("/reply/{number}", reply)
    app.router.add_get("/count", count)
    app.router.add_get("/times", times)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(site._server.sockets[0].getsockname()[1], flush=True)  # type: ignore[union-attr]
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
