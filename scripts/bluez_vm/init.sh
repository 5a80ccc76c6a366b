#!/bin/sh
# First process of the guest: load the drivers, put the host's files (read-only, changes go to
# memory) in place of the RAM disk, and go on there. CHECKOUT comes from the kernel's command line.
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
while read -r module; do
  insmod "/modules/$module" || echo "cannot load $module"
done < /modules/order
mkdir -p /host /memory /root
mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=512000 host /host
mount -t tmpfs memory /memory
mkdir -p /memory/changes /memory/work
mount -t overlay -o lowerdir=/host,upperdir=/memory/changes,workdir=/memory/work root /root
for room in proc sys dev; do mount -o bind /$room /root/$room; done
mount -t tmpfs run /root/run
mkdir -p /root/run/dbus /root/run/out /root/dev/shm
mount -t tmpfs shm /root/dev/shm
mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000 out /root/run/out
ifconfig lo up
chroot /root /bin/bash "$CHECKOUT/scripts/bluez_vm/guest.sh"
poweroff -f
