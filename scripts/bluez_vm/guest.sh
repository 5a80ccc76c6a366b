#!/bin/bash
# In the guest: the system's bus, BlueZ, the adapter at the end of the virtual console, then the
# collector. What comes of it goes to /run/out, a folder of the host.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp PYTHONDONTWRITEBYTECODE=1
out=/run/out
say() { echo "$(cut -d' ' -f1 /proc/uptime) s: $*" >> $out/guest.log; }

powered() {
  dbus-send --system --print-reply --dest=org.bluez /org/bluez/hci0 org.freedesktop.DBus.Properties.Get \
    string:org.bluez.Adapter1 string:Powered 2> /dev/null | grep -q "boolean true"
}

say "Linux $(uname -r)"
dbus-daemon --system --fork --nopidfile
/usr/libexec/bluetooth/bluetoothd -n > $out/bluetoothd.log 2>&1 &
btattach -B /dev/hvc0 -P h4 -S 3000000 > $out/btattach.log 2>&1 &
for _ in $(seq 200); do
  powered && break
  sleep 0.2
done
if powered; then say "adapter on, $(bluetoothctl --version)"; else say "no adapter"; fi
cd "$CHECKOUT" || exit
"$PYTHON" -m scripts.bluez_vm.collect $out "$DEVICE" "$SAMPLES" "$LIMIT" > $out/collect.log 2>&1
say "collector ended with $?"
dmesg > $out/dmesg.log
sync
