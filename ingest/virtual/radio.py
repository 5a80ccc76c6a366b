"""The air between bumble's emulated controllers, with the gaps filled that matter to a collector.

Found in bumble 0.0.236: data packets of 27 bytes only; a cancelled connection attempt that
never completes; senders named by the address they scan with instead of the connection's own; scan
responses that repeat the advertisement, and that nobody needs to ask for; every packet written out
as text, at full rate a good part of all time, for a log that nobody keeps.
"""

from __future__ import annotations

import asyncio
import struct
from collections import Counter, deque
from typing import TYPE_CHECKING, Any

from bumble import att, hci
from bumble.controller import Controller
from bumble.device import Device
from bumble.gatt import ClientCharacteristicConfigurationBits
from bumble.host import Host
from bumble.link import LocalLink

if TYPE_CHECKING:
    from bumble import ll
    from bumble.core import PhysicalTransport
    from bumble.device import Connection
    from bumble.gatt import Characteristic

_NOTIFICATION = struct.Struct("<BH")
"""Opcode and attribute, before the value (Bluetooth Core 5.4, Vol 3, Part F, 3.4.7.1)."""

_WISHES_NOTIFICATIONS = int(ClientCharacteristicConfigurationBits.NOTIFICATION)

_NOT_EMULATED = (
    hci.LeFeatureMask.LL_PRIVACY | hci.LeFeatureMask.LE_EXTENDED_ADVERTISING | hci.LeFeatureMask.LE_PERIODIC_ADVERTISING
)
"""Bumble's controller does not note how an extended scan is asked for, nor what then answers. A kernel that
reads these waits for an enhanced connection event, which bumble does not send (google/bumble#841)."""

_RSSI_DBM = -50
"""How strong everything is received (our judgement)."""

_Heard = hci.HCI_LE_Advertising_Report_Event


class Air(LocalLink):
    """Carries packets between controllers; some may be out of range."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._out_of_range: set[str] = set()

    def cut(self, controller: Controller) -> None:
        """Put a controller out of range: connections time out at both ends, and nothing crosses any more."""
        own = str(controller.random_address)
        self._out_of_range.add(own)
        for end in list(self.controllers):
            for peer, connection in list(end.le_connections.items()):
                if end is controller or str(peer) == own:
                    end.on_le_disconnected(connection, hci.HCI_CONNECTION_TIMEOUT_ERROR)

    def restore(self, controller: Controller) -> None:
        """Bring a controller back into range."""
        self._out_of_range.discard(str(controller.random_address))

    def _reaches(self, *addresses: Any) -> bool:
        return not self._out_of_range or self._out_of_range.isdisjoint(map(str, addresses))

    def send_acl_data(
        self, sender_controller: Controller, destination_address: hci.Address, transport: PhysicalTransport, data: bytes
    ) -> None:
        """Deliver data under the sender's address in this connection."""
        connection = sender_controller.le_connections.get(destination_address)
        receiver = self.find_le_controller(destination_address)
        if connection is None or receiver is None:
            return
        if self._reaches(destination_address, sender_controller.random_address):
            receiver.on_link_acl_data(connection.self_address, transport, data)

    def send_advertising_pdu(self, sender_controller: Controller, packet: Any) -> None:
        """Deliver an advertisement, or a request to connect to an advertiser, if both are in range."""
        ends = (getattr(packet, "advertiser_address", None), sender_controller.random_address)
        if self._reaches(*ends):
            super().send_advertising_pdu(sender_controller, packet)

    def send_ll_control_pdu(self, sender_address: hci.Address, receiver_address: hci.Address, packet: Any) -> None:
        """Deliver a link control packet if both ends are in range and there."""
        if self._reaches(sender_address, receiver_address) and self.find_le_controller(receiver_address):
            super().send_ll_control_pdu(sender_address, receiver_address, packet)


class QuietHost(Host):
    """A host that writes nothing to bumble's log of packets."""

    def on_hci_packet(self, packet: hci.HCI_Packet) -> None:
        """Take a packet from the controller."""
        if isinstance(packet, hci.HCI_AclDataPacket):
            self.on_hci_acl_data_packet(packet)
        elif isinstance(packet, hci.HCI_Event):
            self.on_hci_event_packet(packet)
        else:
            super().on_hci_packet(packet)

    def send_hci_packet(self, packet: hci.HCI_Packet) -> None:
        """Give the controller a packet."""
        if self.hci_sink:
            self.hci_sink.on_packet(bytes(packet))


class QuietDevice(Device):
    """A device that writes nothing of notifications to bumble's log: they are nearly all that it receives or sends."""

    def notify(self, connection: Connection, characteristic: Characteristic[bytes], value: bytes) -> None:
        """Send a notification to a peer, cut to what fits, if it subscribed to the characteristic."""
        wish = self.gatt_server.subscribers.get(connection, {}).get(characteristic.handle)
        if wish and wish[0] & _WISHES_NOTIFICATIONS:
            head = _NOTIFICATION.pack(att.Opcode.ATT_HANDLE_VALUE_NOTIFICATION, characteristic.handle)
            self.host.send_l2cap_pdu(connection.handle, att.ATT_CID, (head + value)[: connection.att_mtu])

    def on_gatt_pdu(self, handle: int, pdu: bytes) -> None:
        """Take what a peer's attribute protocol sent on a connection."""
        connection = self.lookup_connection(handle)
        if connection is None or len(pdu) < _NOTIFICATION.size or pdu[0] != att.Opcode.ATT_HANDLE_VALUE_NOTIFICATION:
            super().on_gatt_pdu(handle, pdu)
            return
        attribute = _NOTIFICATION.unpack_from(pdu)[1]
        told = att.ATT_Handle_Value_Notification(attribute, pdu[_NOTIFICATION.size :])
        connection.gatt_client.on_att_handle_value_notification(told)


class Radio(Controller):
    """One emulated Bluetooth controller.

    What it has for its host it hands over once for each turn of the event loop, in order, and says
    once how many packets it sent, as a real one does after a connection event. It advertises and scans
    as an insole's does: an advertisement and a scan response, of 31 bytes each.
    """

    le_acl_data_packet_length = 251
    le_features = Controller.le_features & ~_NOT_EMULATED

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._for_host: deque[bytes] = deque()
        self._sent: Counter[int] = Counter()
        self._will_hand_over = False

    def on_hci_packet(self, packet: hci.HCI_Packet) -> None:
        """Take a packet from the host, without a word to the log."""
        if isinstance(packet, hci.HCI_AclDataPacket):
            self.on_hci_acl_data_packet(packet)
        else:
            super().on_hci_packet(packet)

    def on_hci_acl_data_packet(self, packet: hci.HCI_AclDataPacket) -> None:
        """Send the host's data, and count the packet as sent."""
        connection = self.find_le_connection_by_handle(packet.connection_handle)
        if connection is not None:
            connection.assembler.feed_packet(packet)
            self._sent[packet.connection_handle] += 1
            self._hand_over_soon()

    def send_hci_packet(self, packet: hci.HCI_Packet) -> None:
        """Give the host a packet, without a word to the log."""
        if self.host:
            self._for_host.append(bytes(packet))
            self._hand_over_soon()

    def _hand_over_soon(self) -> None:
        if not self._will_hand_over:
            self._will_hand_over = True
            asyncio.get_running_loop().call_soon(self._hand_over)

    def _hand_over(self) -> None:
        host, self._will_hand_over = self.host, False
        try:
            self._tell_sent()
            while host and self._for_host:
                host.on_packet(self._for_host.popleft())
        finally:
            if host and self._for_host:  # one that the host cannot read does not keep the next from it
                self._hand_over_soon()

    def _tell_sent(self) -> None:
        sent, self._sent = self._sent, Counter()
        if sent and self.host:
            told = hci.HCI_Number_Of_Completed_Packets_Event(list(sent), list(sent.values()))
            self.host.on_packet(bytes(told))

    def on_advertising_pdu(self, pdu: ll.AdvInd | ll.AdvExtInd) -> None:
        """Report an advertisement, with the scan response to a host that scans actively; connect if it waits for it."""
        address = pdu.advertiser_address
        if self.le_scan_enable:
            self._report(_Heard.EventType.ADV_IND, address, pdu.data)
            advertiser = self.link.find_le_controller(address) if self.link else None
            if advertiser is not None and self.le_scan_type == hci.HCI_LE_Set_Scan_Parameters_Command.ACTIVE_SCANNING:
                answer = advertiser.le_legacy_advertiser.scan_response_data
                self._report(_Heard.EventType.SCAN_RSP, address, answer)
        pending = self.pending_le_connection
        if pending is not None and pending.peer_address == address:
            self.create_le_connection(address)

    def _report(self, kind: hci.HCI_LE_Advertising_Report_Event.EventType, address: hci.Address, data: bytes) -> None:
        report = _Heard.Report(
            event_type=kind, address_type=address.address_type, address=address, data=data, rssi=_RSSI_DBM
        )
        self.send_hci_packet(_Heard([report]))

    def on_hci_le_create_connection_cancel_command(self, command: Any) -> Any:
        """Cancel a connection attempt; it completes with an error, as the Core specification asks."""
        pending, self.pending_le_connection = self.pending_le_connection, None
        if pending is not None:
            completion = hci.HCI_LE_Connection_Complete_Event(
                status=hci.HCI_UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
                connection_handle=0,
                role=hci.Role.CENTRAL,
                peer_address_type=pending.peer_address_type,
                peer_address=pending.peer_address,
                connection_interval=0,
                peripheral_latency=0,
                supervision_timeout=0,
                central_clock_accuracy=0,
            )
            asyncio.get_running_loop().call_soon(self.send_hci_packet, completion)
        return super().on_hci_le_create_connection_cancel_command(command)
