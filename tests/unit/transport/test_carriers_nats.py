"""NATS: old servers refused, accounts apart, and a server that is killed loses nothing on record."""

import asyncio
import json
import re
import signal

import pytest

from hinomi.errors import FenceError, ScenarioError
from hinomi.transport import nats_server
from hinomi.transport.http import NoAnswerError
from hinomi.transport.jetstream import JetStreamCarrier


@pytest.mark.parametrize("told", ["nats-server: v2.10.22", "2.9.10", "v2.10.20", "1.4.1"])
def test_a_server_that_can_lose_streams_is_refused_with_the_reason(told):
    with pytest.raises(ScenarioError, match="can lose a whole stream"):
        nats_server.refuse_version(told)


def test_later_servers_pass():
    for told in ("nats-server: v2.10.23", "2.11.0", "v2.15.1", "3.0.0"):
        nats_server.refuse_version(told)
    with pytest.raises(ScenarioError, match="names no version"):
        nats_server.refuse_version("nats-server: unknown")


def test_every_write_is_synchronous_and_only_this_host_may_connect(tmp_path):
    with nats_server.started(tmp_path / "nats"):
        text = (tmp_path / "nats" / "server.conf").read_text()
        mode = (tmp_path / "nats" / "server.conf").stat().st_mode
    assert re.search(r"jetstream \{[^}]*sync_interval: always", text)
    assert re.search(r"^host: 127\.0\.0\.1$", text, re.MULTILINE)
    assert mode & 0o077 == 0


def test_exercise_and_test_have_accounts_that_do_not_meet(kit, tmp_path):
    async def work(broker):
        one = await JetStreamCarrier.connect(
            broker.address("exercise"), run=kit.run, mode="exercise"
        )
        await one.publish(kit.envelope(1))
        # The account of the other mode, with the subject of this one: an empty store.
        other = await JetStreamCarrier.connect(broker.address("test"), run=kit.run, mode="exercise")
        found = other.subscribe([kit.envelope(1).subject], after=0)
        silent = await kit.nothing(found)
        await found.aclose()
        await one.close()
        await other.close()
        return silent

    with nats_server.started(tmp_path / "nats") as broker:
        assert asyncio.run(work(broker))


def test_other_bytes_under_the_same_name_are_no_repeat_to_the_server(kit, tmp_path):
    """A second exercise of the same seed has the names of the first and a key of its own."""

    async def work(broker):
        carrier = await JetStreamCarrier.connect(
            broker.address("exercise"), run=kit.run, mode="exercise"
        )
        first = kit.envelope(1)
        again = kit.envelope(1, content=first.content + b"<!-- another key -->")
        numbers = [await carrier.publish(each) for each in (first, again, first, again)]
        found = carrier.subscribe([first.subject], after=0)
        got = await kit.take(found, 2)
        await found.aclose()
        await carrier.close()
        return numbers, [each.envelope for each in got] == [first, again]

    with nats_server.started(tmp_path / "nats") as broker:
        assert asyncio.run(work(broker)) == ([1, 2, 1, 2], True)


def test_nobody_there_another_host_or_no_address_are_told(kit):
    async def connect(address, **more):
        await JetStreamCarrier.connect(address, run=kit.run, mode="exercise", **more)

    with pytest.raises(NoAnswerError, match=r"nats://127\.0\.0\.1:1"):
        asyncio.run(connect("nats://user:secret@127.0.0.1:1"))
    with pytest.raises(FenceError, match="another host"):
        asyncio.run(connect("nats://broker.example:4222"))
    with pytest.raises(ScenarioError, match="no address"):
        asyncio.run(connect("http://127.0.0.1:4222"))


def test_after_kill_9_nothing_acknowledged_is_lost_and_nothing_comes_twice(kit, tmp_path):
    folder = tmp_path / "nats"

    async def work():
        process, broker = nats_server.start(folder)
        address = broker.address("exercise")
        try:
            one = await JetStreamCarrier.connect(address, run=kit.run, mode="exercise")
            two = await JetStreamCarrier.connect(address, run=kit.run, mode="exercise")
            found = two.subscribe([kit.envelope(1).subject], after=0)
            numbers = [await one.publish(kit.envelope(n)) for n in (1, 2)]
            got = await kit.take(found, 2)
            process.send_signal(signal.SIGKILL)
            process.wait(5)
            during = asyncio.ensure_future(one.publish(kit.envelope(3)))
            await asyncio.sleep(0.3)
            process, _ = nats_server.start(folder, port=broker.port)
            numbers.append(await during)
            assert await one.publish(kit.envelope(1)) == numbers[0]  # the same id, the same place
            numbers.append(await one.publish(kit.envelope(4)))
            got += await kit.take(found, 2, within_s=20)
            await found.aclose()
            await one.close()
            await two.close()
            return numbers, [each.sequence for each in got]
        finally:
            nats_server.stop(process)

    numbers, got = asyncio.run(work())
    assert numbers == [1, 2, 3, 4]
    assert got == numbers


def test_a_running_server_that_is_too_old_is_refused(kit):
    async def work():
        async def serve(reader, writer):
            told = {"server_id": "x", "version": "2.9.10", "max_payload": 1 << 20, "headers": True}
            writer.write(b"INFO " + json.dumps(told).encode() + b"\r\n")
            await writer.drain()
            while line := await reader.readline():
                if line.startswith(b"PING"):
                    writer.write(b"PONG\r\n")
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        try:
            with pytest.raises(ScenarioError, match=r"2\.9\.10 is refused"):
                await JetStreamCarrier.connect(
                    f"nats://127.0.0.1:{port}", run=kit.run, mode="exercise"
                )
        finally:
            server.close()

    asyncio.run(work())
