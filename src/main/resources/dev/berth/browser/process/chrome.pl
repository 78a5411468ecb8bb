#!/usr/bin/env perl
# Stands for the Chrome that chromedriver starts: joins chromedriver's pipe, descriptors 3 and 4, on which messages end with NUL, with
# the socket "cdp" of its own folder, on which the server expects the frames of a client's WebSocket. Without modules, as each takes time.
use strict;
my $folder = $0 =~ s{/[^/]*$}{}r;
my ($TEXT, $CONTINUATION, $CLOSE, $PING, $PONG, $LAST, $MASKED) = (1, 0, 8, 9, 10, 0x80, 0x80);
my $AGAIN = 11;
my $MOST = 1 << 20; # bytes that wait, from which on no more are read
open my $commands, '<&=', 3 or exit 1;
open my $answers, '>&=', 4 or exit 1;
socket my $server, 1, 1, 0 or exit 1;
connect $server, pack 'S a108', 1, "$folder/cdp" or exit 1;
$SIG{PIPE} = 'IGNORE';

# What was read of each and is not whole yet, and what is to be written to each.
my ($command, $frames, $to_server, $to_driver) = ('', '', '', '');

# A mask of zeroes changes nothing.
sub frame {
    my ($kind, $length) = ($_[0], length $_[1]);
    my $size = $length < 126 ? pack('C', $MASKED | $length)
      : $length < 65_536 ? pack('Cn', $MASKED | 126, $length) : pack('CQ>', $MASKED | 127, $length);
    $to_server .= pack('C', $LAST | $kind) . $size . "\0\0\0\0" . $_[1];
}

sub take_commands {
    $command .= $_[0];
    my @whole = split /\0/, $command, -1;
    $command = pop @whole;
    frame $TEXT, $_ for @whole;
}

sub take_frames {
    $frames .= $_[0];
    my $at = 0;
    while (length($frames) - $at >= 2) {
        my ($first, $size) = unpack 'CC', substr $frames, $at, 2;
        my $head = $size < 126 ? 2 : $size == 126 ? 4 : 10;
        last if length($frames) - $at < $head;
        $size = unpack $size == 126 ? 'n' : 'Q>', substr $frames, $at + 2, $head - 2 if $size >= 126;
        last if length($frames) - $at < $head + $size;
        my ($kind, $payload) = ($first & 15, substr $frames, $at + $head, $size);
        $at += $head + $size;
        exit if $kind == $CLOSE;
        frame $PONG, $payload if $kind == $PING;
        $to_driver .= $payload . ($first & $LAST ? "\0" : '') if $kind == $TEXT || $kind == $CONTINUATION;
    }
    substr($frames, 0, $at) = '';
}

# Descriptors that do not block, as chromedriver may write all before it reads.
sub unblock { fcntl $_[0], 4, 04000 | fcntl $_[0], 3, 0 }
unblock $_ for $server, $answers;

sub write_to {
    my $written = syswrite $_[0], $_[1], 65_536;
    exit if !defined $written && $! != $AGAIN;
    substr($_[1], 0, $written // 0) = '';
}

while (1) {
    my ($readable, $writable) = ('', '');
    vec($readable, 3, 1) = length $to_server < $MOST;
    vec($readable, fileno $server, 1) = length $to_driver < $MOST;
    vec($writable, fileno $server, 1) = 1 if length $to_server;
    vec($writable, 4, 1) = 1 if length $to_driver;
    select($readable, $writable, undef, undef) > 0 or next;
    if (vec $readable, 3, 1) { sysread $commands, my $read, 65_536 or exit; take_commands $read }
    if (vec $readable, fileno $server, 1) { sysread $server, my $read, 65_536 or exit; take_frames $read }
    write_to $server, $to_server if vec $writable, fileno $server, 1;
    write_to $answers, $to_driver if vec $writable, 4, 1;
}
