"""Objects on a message bus: who is there, what they are asked, what they tell."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from dbus_fast import Message, MessageType, NameFlag, Variant

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from dbus_fast.aio import MessageBus

NAME = "org.bluez"
_PROPERTIES = "org.freedesktop.DBus.Properties"
_MANAGER = "org.freedesktop.DBus.ObjectManager"
_BUS = "org.freedesktop.DBus"
_RISES_AGAIN = {"Value", "RSSI"}
"""Properties that are told of also when they are what they were."""


class BluezError(Exception):
    """An error that goes to the caller over the bus, by BlueZ's name for it."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(text)
        self.name = f"{NAME}.Error.{name}"


@dataclass(frozen=True)
class Reply:
    """The answer to a call: a D-Bus signature, as many values, and files that go with them."""

    signature: str = ""
    body: list[Any] = field(default_factory=list)
    files: list[int] = field(default_factory=list)


DONE = Reply()
Call: TypeAlias = "Callable[[Message], Awaitable[Reply]]"


class Item:
    """One object: an interface of BlueZ, its properties, and the calls that it answers.

    Parameters
    ----------
    tree, path
        Where it stands.
    interface
        Without ``org.bluez.``.
    properties
        As the interface's documentation types them.
    calls
        By name of the method.
    """

    def __init__(
        self, tree: Tree, path: str, interface: str, properties: Mapping[str, Variant], calls: Mapping[str, Call]
    ) -> None:
        self.tree, self.path, self.interface = tree, path, f"{NAME}.{interface}"
        self.properties, self.calls = dict(properties), dict(calls)

    def __getitem__(self, name: str) -> Any:
        return self.properties[name].value

    def update(self, **values: Any) -> None:
        """Change properties that exist, and tell those who listen."""
        changed = {
            name: Variant(self.properties[name].signature, value)
            for name, value in values.items()
            if name in _RISES_AGAIN or self[name] != value
        }
        self.properties.update(changed)
        if changed:
            body = [self.interface, changed, []]
            self.tree.tell(self.path, _PROPERTIES, "PropertiesChanged", "sa{sv}as", body)

    def answers(self, message: Message) -> Call | None:
        """What answers a call; None if nothing does."""
        of_all: dict[str, Call] = {"Get": self._get, "GetAll": self._get_all, "Set": self._set}
        known = {self.interface: self.calls, _PROPERTIES: of_all}.get(message.interface or "", {})
        return known.get(message.member or "")

    async def put(self, name: str, value: Any) -> None:
        """A client sets a property."""
        self.update(**{name: value})

    def on_client_gone(self, client: str) -> None:
        """A client of the bus is gone, and with it all that it had asked for."""

    async def _get(self, message: Message) -> Reply:
        return Reply("v", [self.properties[message.body[1]]])

    async def _get_all(self, _: Message) -> Reply:
        return Reply("a{sv}", [self.properties])

    async def _set(self, message: Message) -> Reply:
        _, name, value = message.body
        await self.put(name, value.value)
        return DONE


class Tree:
    """All objects of ``org.bluez``, on a connected bus."""

    def __init__(self, bus: MessageBus) -> None:
        self._bus = bus
        self._items: dict[str, Item] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Become ``org.bluez`` on the bus."""
        self._bus.add_message_handler(self._on_message)
        rule = f"type='signal',member='NameOwnerChanged',sender='{_BUS}'"
        await self._bus.call(
            Message(
                destination=_BUS, path="/org/freedesktop/DBus", interface=_BUS, member="AddMatch",
                signature="s", body=[rule],
            )
        )  # fmt: skip
        await self._bus.request_name(NAME, NameFlag.DO_NOT_QUEUE)

    async def close(self) -> None:
        """Leave the bus."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._bus.disconnect()
        await self._bus.wait_for_disconnect()  # type: ignore[no-untyped-call]

    def add(self, item: Item) -> None:
        """Put an object there."""
        self._items[item.path] = item
        body = [item.path, {item.interface: item.properties}]
        self.tell("/", _MANAGER, "InterfacesAdded", "oa{sa{sv}}", body)

    def remove(self, path: str) -> None:
        """Take an object away, and what is under it before it."""
        for known in [*self.below(path), path]:
            gone = self._items.pop(known, None)
            if gone is not None:
                self.tell("/", _MANAGER, "InterfacesRemoved", "oas", [known, [gone.interface]])

    def below(self, path: str) -> list[str]:
        """Paths of the objects under one, the deepest first."""
        return sorted((known for known in self._items if known.startswith(f"{path}/")), reverse=True)

    def get(self, path: str) -> Item | None:
        """The object at a path."""
        return self._items.get(path)

    def tell(self, path: str, interface: str, member: str, signature: str, body: list[Any]) -> None:
        """Emit a signal."""
        self._bus.send(Message.new_signal(path, interface, member, signature, body))

    def do(self, work: Awaitable[Any]) -> None:
        """Let something run beside; it ends with the tree."""

        async def run() -> None:
            await work

        task = asyncio.get_running_loop().create_task(run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _on_message(self, message: Message) -> Message | bool:
        if message.message_type is MessageType.SIGNAL and message.member == "NameOwnerChanged" and not message.body[2]:
            for listening in list(self._items.values()):
                listening.on_client_gone(message.body[0])
        if message.message_type is not MessageType.METHOD_CALL:
            return False
        if message.interface == _MANAGER and message.member == "GetManagedObjects":
            objects = {path: {item.interface: item.properties} for path, item in self._items.items()}
            return Message.new_method_return(message, "a{oa{sa{sv}}}", [objects])
        item = self._items.get(message.path or "")
        if item is None:
            return Message.new_error(message, f"{_BUS}.Error.UnknownObject", f"there is no {message.path}")
        call = item.answers(message)
        if call is None:
            return Message.new_error(message, f"{_BUS}.Error.UnknownMethod", f"{message.interface} {message.member}")
        self.do(self._answer(call, message))
        return True

    async def _answer(self, call: Call, message: Message) -> None:
        try:
            reply = await call(message)
        except BluezError as e:
            await self._bus.send(Message.new_error(message, e.name, str(e)))
            return
        await self._bus.send(Message.new_method_return(message, reply.signature, reply.body, reply.files))
        for file in reply.files:
            os.close(file)
