"""MQTT keeps no history, so a sender that counts from 1 again is heard by everybody."""

import asyncio

import pytest

from hinomi.transport.mqtt import MqttCarrier, _Link


def test_a_sender_that_was_started_again_is_heard_by_a_receiver_with_a_later_cursor(kit):
    async def work():
        async with asyncio.timeout(20), kit.mqtt_broker() as port:
            address = f"mqtt://127.0.0.1:{port}"
            sender = await MqttCarrier.connect(address, run=kit.run, mode="exercise")
            listener = await MqttCarrier.connect(address, run=kit.run, mode="exercise")
            found = listener.subscribe([kit.envelope(1).subject], after=50)
            first = asyncio.ensure_future(anext(found))
            await asyncio.sleep(0.4)  # until the broker knows of the listener
            number = await sender.publish(kit.envelope(1))
            got = await first
            await found.aclose()
            await listener.close()
            await sender.close()
            return number, got

    number, got = asyncio.run(work())
    assert number == got.sequence == 1
    assert got.envelope == kit.envelope(1)


def test_a_cancel_that_meets_the_brokers_answer_still_cancels():
    """Else an exercise that ends while the broker answers would never end."""

    async def work():
        link = _Link("127.0.0.1", 1, None, asyncio.get_running_loop(), None)
        answer = asyncio.get_running_loop().create_future()
        task = asyncio.ensure_future(link._answered(answer, "no answer"))
        await asyncio.sleep(0)
        task.cancel()
        if not answer.done():
            answer.set_result(None)
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 5)

    asyncio.run(work())
