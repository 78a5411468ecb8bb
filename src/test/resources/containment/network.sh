#!/bin/sh
# Runs a command where every address of the Internet is this machine, and nothing leaves it: usage: network.sh FOLDER COMMAND…
# Started by unshare --net --mount. Every packet that begins something is listed in FOLDER/packets.
set -e
here=$(dirname "$0")
folder=$1
shift
if [ "$(ip -o link | grep -vc ' lo:')" != 0 ]; then
  echo "not in a network namespace of its own" >&2
  exit 1
fi
ip link set lo up
# An address that comes later, as IPv6's do after a look for duplicates, has Chrome give up what it loads.
echo 0 > /proc/sys/net/ipv6/conf/default/dad_transmits
# WebRTC looks for an interface other than the loopback.
ip link add outside type veth peer name wire
ip address add 192.168.77.2/32 dev outside
ip address add fd77::2/128 dev outside
ip link set outside up
ip link set wire up
ip route add local default dev lo
ip -6 route add local default dev lo
echo nameserver 127.0.0.1 > "$folder/resolv.conf"
mount --bind "$folder/resolv.conf" /etc/resolv.conf
perl "$here/packets.pl" > "$folder/packets" &
exec "$@"
