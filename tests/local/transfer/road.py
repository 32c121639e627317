"""A long road to a server: whatever is sent to it arrives later. And how many are on their way at a time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

__all__ = ["Road", "road_to"]

PIECE = 64 * 1024


class Road:
    """Connections to a server, each of which is asked one thing at a time, as HTTP has it."""

    def __init__(self, server: str, seconds: float) -> None:
        parts = urlsplit(server)
        self.url = ""
        self.most = 0
        """How many requests were under way at the same time."""
        self._server = str(parts.hostname), int(parts.port or 0)
        self._seconds = seconds
        self._under_way: set[object] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> asyncio.Server:
        """Listen on a free port of this machine."""
        listening = await asyncio.start_server(self._travel, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        return listening

    async def _travel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            there, back = await asyncio.open_connection(*self._server)
            try:
                await asyncio.gather(self._go(reader, back), self._return(there, writer, back))
            finally:
                self._under_way.discard(back)
                back.close()
                writer.close()

    async def _go(self, reader: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        loop, sent = asyncio.get_running_loop(), asyncio.Queue[tuple[float, bytes]]()
        later = asyncio.create_task(self._arrive(sent, back))
        self._tasks.add(later)
        later.add_done_callback(self._tasks.discard)
        while data := await reader.read(PIECE):
            self._under_way.add(back)
            self.most = max(self.most, len(self._under_way))
            sent.put_nowait((loop.time() + self._seconds, data))
        sent.put_nowait((0, b""))
        await later

    async def _arrive(self, sent: asyncio.Queue[tuple[float, bytes]], back: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due, data = await sent.get()
            if not data:
                back.close()
                return
            await asyncio.sleep(due - loop.time())
            back.write(data)
            await back.drain()

    async def _return(
        self, there: asyncio.StreamReader, writer: asyncio.StreamWriter, back: asyncio.StreamWriter
    ) -> None:
        while data := await there.read(PIECE):
            self._under_way.discard(back)
            writer.write(data)
            await writer.drain()
        writer.close()


@contextmanager
def road_to(server: str, seconds: float) -> Iterator[Road]:
    """A road on which each request takes so long to arrive."""
    road, loop = Road(server, seconds), asyncio.new_event_loop()
    listening = loop.run_until_complete(road.open())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield road
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        listening.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
