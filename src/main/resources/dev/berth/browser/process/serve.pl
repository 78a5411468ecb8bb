# Runs a program so that nothing but the server reaches its port, which asks for no key.
#     perl -e TEXT begin SOCKET COMMAND...   listens on a Unix socket, and becomes the command with its descriptor at the end
#     perl -e TEXT serve PORT PROGRAM... DESCRIPTOR   starts the program, and joins what connects to the socket with its port
# `begin` still has the rights of the server; `serve` is confined, and the first process of its namespaces: all of them end with
# it, and it ends with the program, or with the server, whose end of the pipe at descriptor 3 closes then. A byte on descriptor 4 says that
# the program answers. Without modules, as confine.pl.
use strict;
my ($LOOPBACK, $HUNDREDTH) = (pack('C4', 127, 0, 0, 1), 0.01);
my ($GET_FLAGS, $SET_FLAGS, $UP) = (0x8913, 0x8914, 1);
my ($TRIES, $SERVER) = (1_000, 3);
$^F = 20; # the descriptors that the command inherits

sub begin {
    my ($path, @command) = @_;
    socket(my $any, 2, 2, 0) or die "socket: $!\n";
    my $lo = pack 'a16 x24', 'lo';
    ioctl($any, $GET_FLAGS, $lo) or die "the namespace has no loopback: $!\n";
    $lo = pack 'a16 s x22', 'lo', $UP | unpack 'x16 s', $lo;
    ioctl($any, $SET_FLAGS, $lo) or die "loopback can't be set up: $!\n";
    close $any;
    socket(my $door, 1, 1, 0) or die "socket: $!\n";
    bind($door, pack 'S a108', 1, $path) or die "$path: $!\n";
    chmod 0600, $path;
    listen($door, 64) or die "listen: $!\n";
    exec { $command[0] } @command, fileno $door or die "$command[0]: $!\n";
}

# Copies both ways until both ends have said all.
sub join_ends {
    my ($client, $program) = @_;
    my %to = (fileno $client => [$client, $program], fileno $program => [$program, $client]);
    while (%to) {
        my $ready = '';
        vec($ready, $_, 1) = 1 for keys %to;
        select($ready, undef, undef, undef) > 0 or next;
        for my $each (grep { vec $ready, $_, 1 } keys %to) {
            my ($from, $into) = @{$to{$each}};
            my $length = sysread $from, my $bytes, 65_536;
            if (!$length) { shutdown $into, 1; delete $to{$each}; next }
            for (my $at = 0; $at < $length;) { $at += syswrite($into, $bytes, $length - $at, $at) // exit }
        }
    }
}

# The program listens some milliseconds after its start.
sub port {
    my ($number) = @_;
    for (1 .. $TRIES) {
        socket(my $program, 2, 1, 0) or die "socket: $!\n";
        exit 1 if waitpid(-1, 1) > 0;
        return $program if connect $program, pack 'S n a4 x8', 2, $number, $LOOPBACK;
        select undef, undef, undef, $HUNDREDTH;
    }
    exit 1;
}

sub serve {
    my $descriptor = pop;
    my ($number, @program) = @_;
    open my $door, '+<&=', $descriptor or die "descriptor $descriptor: $!\n";
    open my $server, '<&=', $SERVER or die "descriptor $SERVER: $!\n";
    open my $told, '>&=', 4 or die "descriptor 4: $!\n";
    my $program = fork // die "fork: $!\n";
    if (!$program) {
        close $_ for $door, $server, $told;
        exec { $program[0] } @program or die "$program[0]: $!\n";
    }
    close port($number);
    syswrite $told, "\n";
    while (1) {
        my $ready = '';
        vec($ready, $_, 1) = 1 for $SERVER, $descriptor;
        select $ready, undef, undef, 0.2;
        while ((my $ended = waitpid -1, 1) > 0) { exit if $ended == $program }
        exit if vec($ready, $SERVER, 1) && !sysread $server, my $nothing, 1;
        if (vec $ready, $descriptor, 1) {
            accept my $client, $door or next;
            my $child = fork // die "fork: $!\n";
            if (!$child) { close $door; join_ends($client, port($number)); exit }
        }
    }
}

my $what = shift @ARGV;
$what eq 'begin' ? begin(@ARGV) : serve(@ARGV);
