# Usage: perl -e … COMMAND…: becomes the command, without a controlling terminal, in the same process and group.
# TIOCNOTTY: asm-generic/ioctls.h; sys/ttycom.h of the BSDs and macOS.
open my $tty, "<", "/dev/tty" and ioctl $tty, $^O eq "linux" ? 0x5422 : 0x20007471, 0 and close $tty;
exec { $ARGV[0] } @ARGV or print STDERR "$ARGV[0]: $!\n" and exit 127;
