# Confines its own process to one TCP port, then becomes the command; without a command it prints Landlock's version.
#     perl -e TEXT ARCHITECTURE PORT PROCESSES FAMILY COMMAND...
# PROCESSES: the most that this user may have, 0 for no limit. FAMILY: 1 lets the command open Unix sockets, else 0.
# It needs no privilege and no module, as each would cost a launch some milliseconds.
my ($architecture, $port, $processes, $family) = splice @ARGV, 0, 4;

# The numbers of system calls, and how a filter names the architecture.
my ($audit, $prctl, $prlimit, $seccomp, $socket, $socketpair, $accept, $accept4, $sendto, $sendmsg, $sendmmsg) =
    $architecture eq 'amd64'   ? (0xC000003E, 157, 302, 317, 41, 53, 43, 288, 44, 46, 307)
  : $architecture eq 'aarch64' ? (0xC00000B7, 167, 261, 277, 198, 199, 202, 242, 206, 211, 269)
  : die "not made for the architecture $architecture\n";
my ($create_ruleset, $add_rule, $restrict_self, $io_uring_setup) = (444, 445, 446, 425);

sub must {
    my ($what, $answer) = @_;
    return $answer if $answer >= 0;
    die "$what: $!\n";
}

# Core files (they hold what pages knew), descriptors, processes and threads.
for ([4, 0], [7, 8192], $processes ? [6, $processes] : ()) {
    my ($limit, $most) = @$_;
    must 'the limits can\'t be set', syscall $prlimit, 0, $limit, pack('QQ', $most, $most), 0;
}
must 'no_new_privs', syscall $prctl, 38, 1, 0, 0, 0;

# Landlock: TCP connects to the port alone and binds none; since version 6, signals and abstract Unix sockets reach only
# processes that are confined as well.
my $needed = 'Linux 6.7 with Landlock is needed';
my $version = must $needed, syscall $create_ruleset, 0, 0, 1;
die "$needed: it has version $version, not 4\n" if $version < 4;
my $handled = $version < 6 ? pack 'QQ', 0, 1 | 2 : pack 'QQQ', 0, 1 | 2, 1 | 2;
my $ruleset = must $needed, syscall $create_ruleset, $handled, length $handled, 0;
must 'Landlock\'s rule', syscall $add_rule, $ruleset, 2, pack('QQ', 2, $port), 0;
must 'Landlock', syscall $restrict_self, $ruleset, 0;

# A filter of system calls. Landlock does not see UDP and other protocols, MPTCP among them; connections that are made by
# sending (MSG_FASTOPEN); and listening without bind, so nothing is accepted. io_uring would do all of it unfiltered. A Unix
# socket would reach the machine's services, a pair of datagram sockets too (also of raw ones), so pairs are streams and
# sequences of packets. Netlink is refused: a Chrome that reads the routes, but can't try one with a datagram socket, tells
# pages that they are offline (navigator.onLine); one that can't read the routes takes the machine for connected.
my ($NUMBER, $ARCHITECTURE, $FIRST, $SECOND, $THIRD, $FOURTH) = (0, 4, 16, 24, 32, 40);
my ($FASTOPEN, $OTHER_ABI, $TYPES, $DENIED) = (0x20000000, 0x40000000, 15, 0x50000 | 13);
sub load { [0x20, '', '', $_[0]] }
sub masked { [0x54, '', '', $_[0]] }
sub same { [0x15, $_[1], $_[2], $_[0]] }
sub least { [0x35, $_[1], $_[2], $_[0]] }
sub holds { [0x45, $_[1], $_[2], $_[0]] }
my @filter = (
    load($ARCHITECTURE), same($audit, '', 'no'),
    load($NUMBER), least($OTHER_ABI, 'no', ''),
    same($socket, 'socket', ''), same($socketpair, 'pair', ''),
    same($sendto, 'flags4', ''), same($sendmmsg, 'flags4', ''), same($sendmsg, 'flags3', ''),
    same($accept, 'no', ''), same($accept4, 'no', ''), same($io_uring_setup, 'no', 'yes'),
    flags3 => load($THIRD), holds($FASTOPEN, 'no', 'yes'),
    flags4 => load($FOURTH), holds($FASTOPEN, 'no', 'yes'),
    socket => load($FIRST), same(2, 'inet', ''), same(10, 'inet', ''), same(1, $family ? 'yes' : 'no', 'no'),
    inet => load($SECOND), masked($TYPES), same(1, '', 'no'), load($THIRD), same(6, 'yes', ''), same(0, 'yes', 'no'),
    pair => load($SECOND), masked($TYPES), same(1, 'yes', ''), same(5, 'yes', 'no'),
    no => [6, '', '', $DENIED],
    yes => [6, '', '', 0x7FFF0000],
);
my (%at, @code);
for (@filter) {
    if (ref) { push @code, $_ } else { $at{$_} = @code }
}
my $program = '';
for my $here (0 .. $#code) {
    my ($code, $then, $else, $value) = @{$code[$here]};
    $program .= pack 'SCCL', $code, (map { $_ eq '' ? 0 : $at{$_} - $here - 1 } $then, $else), $value;
}
must 'seccomp', syscall $seccomp, 1, 0, pack('Sx6P', scalar @code, $program);

@ARGV or print($version), exit;
exec { $ARGV[0] } @ARGV or die "$ARGV[0]: $!\n";
