# Lists what is begun on any interface: "tcp 10.0.0.1 80" for each SYN, "udp 10.0.0.1 53 24 <24 bytes in hexadecimal>" for each datagram.
use strict;
use Socket qw(:DEFAULT inet_ntop AF_INET6);
$| = 1;
my $parent = getppid;
socket(my $all, 17, SOCK_RAW, unpack('S', pack('n', 3))) or die "AF_PACKET: $!";
setsockopt($all, SOL_SOCKET, 33, 64 << 20); # SO_RCVBUFFORCE
print "listening\n";
while (getppid == $parent) {
  my $ready = '';
  vec($ready, fileno $all, 1) = 1;
  next unless select($ready, undef, undef, 1);
  my $from = recv($all, my $frame, 512, 0);
  # Packets of the loopback are seen twice: leaving (4) and arriving.
  next if unpack('x10 C', $from) == 4 && unpack('x4 l', $from) == 1;
  my ($kind, $protocol, $to, $rest) = unpack('x12 n', $frame);
  if ($kind == 0x0800) {
    my $words = unpack('x14 C', $frame) & 15;
    ($protocol, $to, $rest) = (unpack('x23 C', $frame), inet_ntoa(substr $frame, 30, 4), substr $frame, 14 + 4 * $words);
  } elsif ($kind == 0x86dd) {
    ($protocol, $to, $rest) = (unpack('x20 C', $frame), inet_ntop(AF_INET6, substr $frame, 38, 16), substr $frame, 54);
  } else {
    next;
  }
  my $port = unpack('x2 n', $rest);
  if ($protocol == 6) {
    print "tcp $to $port\n" if (unpack('x13 C', $rest) & 0x12) == 2;
  } elsif ($protocol == 17) {
    my $bytes = unpack('x4 n', $rest) - 8;
    print "udp $to $port $bytes ", unpack('H*', substr $rest, 8, 64), "\n";
  }
}
