# Usage: perl collector.pl CONTROL HAPPENS; started by core/collector.sh where there is a perl
# The one process that reads every job's stream and writes the script's output: in the chosen format to standard output, in
# structured form to the job's log, as JSON to the run's events. What core/filter.sh does a job at a time, with the same
# records; the two must say the same, byte for byte (tests/runtime/filter.bats runs both).
# CONTROL is a FIFO with lines from the scheduler, HAPPENS the one that the scheduler reads.
# No modules: each costs more to load than most runs cost here.
use strict;

my ($control_path, $happens_path) = @ARGV;
my ($format, $workflow, $json_run, $token, $member_lines, $run_dir, $tmp, $quiet);
my %number = map { $_ => 1 } qw(attempt max_attempts exit_code duration_ms delay_ms);
my ($out, $events, @told, $mute, $unrecorded) = ("", "");
# What is to be done when a descriptor of a stream has something; the same descriptors as bits, for select; streams whose log has
# something to be written.
my (%by_fd, @to_log);
my $watched = "";
# The processes of bare jobs, by the FIFO that tells their end, and the stream of the job that each is at.
my %process;
# Kept from read to read: 64 KiB anew each time cost more than what is done with them.
my $data = "";
my ($stamp, $stamp_second, $stamp_text, $now, $run_started) = ("", -1, "", 0, 0);

# --- the clock -------------------------------------------------------------------------------------

# The number of gettimeofday where O_NONBLOCK is 04000: Linux, from its arch/*/entry/syscalls and asm-generic/unistd.h.
sub linux_call {
    return unless $^O eq "linux";
    require Config;
    my %call = (x86_64 => 96, aarch64 => 169, riscv64 => 169);
    my ($machine) = $Config::Config{archname} =~ /^([a-z0-9_]+)/;
    return $call{$machine};
}

my $call = linux_call();
my $fine = !defined $call && eval { require Time::HiRes; 1 };

# Milliseconds since the epoch.
sub milliseconds {
    if (defined $call) {
        my $pair = pack "l!l!", 0, 0;
        syscall $call, $pair, 0;
        my ($seconds, $micro) = unpack "l!l!", $pair;
        return $seconds * 1000 + int($micro / 1000);
    }
    return int(Time::HiRes::time() * 1000) if $fine;
    return time() * 1000;
}

# $now = milliseconds since the epoch, $stamp = the same as 2026-11-23T10:58:44.123Z.
sub look_at_clock {
    $now = milliseconds();
    my $second = int($now / 1000);
    if ($second != $stamp_second) {
        my @t = gmtime $second;
        $stamp_second = $second;
        $stamp_text = sprintf "%04d-%02d-%02dT%02d:%02d:%02d", $t[5] + 1900, $t[4] + 1, @t[3, 2, 1, 0];
    }
    $stamp = sprintf "%s.%03dZ", $stamp_text, $now % 1000;
}

sub seconds { sprintf "%d.%03ds", int($_[0] / 1000), $_[0] % 1000 }

# 5s or 1.5s, as a person would write it.
sub short_seconds {
    my $text = sprintf "%d.%03d", int($_[0] / 1000), $_[0] % 1000;
    $text =~ s/\.?0+\z//;
    return $text . "s";
}

# --- texts -----------------------------------------------------------------------------------------

# What nxa_encode was given.
sub decode {
    my ($text) = @_;
    $text =~ s/\\(\\|n|0037)/$1 eq "n" ? "\n" : $1 eq "0037" ? "\037" : "\\"/ge;
    return $text;
}

# A record, as nxa_emit wrote it.
sub fields {
    my @fields = split /\037/, $_[0], -1;
    return index($_[0], "\\") < 0 ? @fields : map { decode($_) } @fields;
}

my %escape = ("\t" => "\\t", "\r" => "\\r", "\"" => "\\\"", "\\" => "\\\\", "\n" => "\\n");

# UTF-8 sequences of more than a byte, RFC 3629, section 4.
my $utf8 = qr/[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]
    |\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}/x;

# Escaped for a JSON string, valid UTF-8; line breaks stay, since a block of lines comes in one.
sub json_block {
    my ($text) = @_;
    return $text unless $text =~ /[^\x20\x21\x23-\x5b\x5d-\x7e\n]/;
    $text =~ s/($utf8+)|([^\x20\x21\x23-\x5b\x5d-\x7e\n])/defined $1 ? $1 : json_byte($2)/ge;
    return $text;
}

sub json_byte {
    my ($byte) = @_;
    return $escape{$byte} if exists $escape{$byte};
    return ord($byte) < 128 ? sprintf("\\u%04x", ord $byte) : "\xef\xbf\xbd";
}

sub json {
    my $text = json_block($_[0]);
    $text =~ s/\n/\\n/g;
    return $text;
}

# --- secrets ---------------------------------------------------------------------------------------

# What is hidden: any of the literals (%literal, as one pattern), wherever it stands; and at the end of a line a piece of
# @wrapped, base64 that a tool may have cut into lines. core/mask.sh hides the same.
my (%literal, %known, @wrapped, %piece, $hidden, $cut);
# Lines of wrapped base64 are no longer than that.
my $widest = 256;
my ($secrets_read, $secrets_rest) = (0, "");

# Takes up the values that were written to the run's file since the last time.
sub learn {
    my $size = -s "$tmp/secrets";
    return unless defined $size && $size > $secrets_read;
    open my $file, "<", "$tmp/secrets" or return;
    seek $file, $secrets_read, 0;
    $secrets_read += read $file, my $more, $size - $secrets_read;
    $secrets_rest .= $more;
    my @values;
    push @values, decode($1) while $secrets_rest =~ s/^([^\n]*)\n//;
    hide(@values);
}

# From here on no text has these values.
sub hide {
    my @new = grep { !$known{$_}++ } map { units($_) } @_;
    return unless @new;
    add_forms($_) for @new;
    my @longest_first = sort { length $b <=> length $a || $a cmp $b } keys %literal;
    my $any = join "|", map { quotemeta } @longest_first;
    $hidden = qr/$any/;
    my $pieces = join "|", map { quotemeta } sort keys %piece;
    $cut = qr/(?:$pieces)[A-Za-z0-9+\/]{0,$widest}=*\r?$/m;
}

# A value, without the line breaks at its end, and its lines; of each what is long enough.
sub units {
    my ($value) = @_;
    my ($whole) = $value =~ /^(.*?)\n*\z/s;
    return grep { length >= 4 } $value, $whole, map { ($_, /^(.*)\r\z/s) } split /\n/, $value;
}

sub add_forms {
    my ($unit) = @_;
    my $quoted = $unit;
    $quoted =~ s/'/'\\''/g;
    # What spans lines is hidden line by line.
    index($_, "\n") < 0 and $literal{$_} = 1 for $unit, $quoted, json_forms($unit), url_forms($unit);
    base64_forms($unit, $_) for 0, 1, 2;
}

my %short_escape = ("\\" => "\\\\", "\"" => "\\\"", "\n" => "\\n", "\r" => "\\r", "\t" => "\\t", "\b" => "\\b", "\f" => "\\f");

# As programs write JSON: what is no printable ASCII as it is or by number; slashes, <, > and & too, by some.
sub json_forms {
    my ($unit) = @_;
    (my $plain = $unit) =~ s/([\\"\x01-\x1f])/$short_escape{$1} || sprintf "\\u%04x", ord $1/ge;
    (my $numbers = $plain) =~ s/($utf8|\x7f)/utf16($1)/ge;
    my @forms = ($plain, $numbers, json($unit));
    my @slashes = @forms;
    s{/}{\\/}g for @slashes;
    my @marks = (@forms, @slashes);
    s/([<>&])/sprintf "\\u%04x", ord $1/ge for @marks;
    return @forms, @slashes, @marks;
}

# One character as JSON writes it by number.
sub utf16 {
    my ($first, @rest) = unpack "C*", $_[0];
    my $code = $first & (127, 31, 15, 7)[scalar @rest];
    $code = $code * 64 + ($_ & 63) for @rest;
    return sprintf "\\u%04x", $code if $code < 65536;
    $code -= 65536;
    return sprintf "\\u%04x\\u%04x", 55296 + ($code >> 10), 56320 + ($code & 1023);
}

# What is left as it is besides letters and digits: RFC 3986, its paths, JavaScript's encodeURIComponent and encodeURI, forms.
my @url_plain = ("._~-", "._~/-", "._~!*'()-", "._~!*'();/?:@&=+\$,#-", "._*-");

sub url_forms {
    my ($unit) = @_;
    my @forms;
    for my $plain (@url_plain) {
        (my $upper = $unit) =~ s/([^A-Za-z0-9\Q$plain\E])/sprintf "%%%02X", ord $1/ge;
        (my $lower = $upper) =~ s/(%..)/lc $1/ge;
        push @forms, $upper, $lower;
    }
    my @plus = @forms;
    s/%20/+/g for @plus;
    return @forms, @plus;
}

my @digits = ("A" .. "Z", "a" .. "z", 0 .. 9, "+", "/");

# What encodes to the same wherever OFFSET bytes, or three more each, stand before it; and with the end that it has as the last.
sub base64_forms {
    my ($unit, $offset) = @_;
    my $bits = unpack "B*", $unit;
    # The digit in which other bytes have a share is not ours.
    substr $bits, 0, (0, 4, 2)[$offset], "";
    my $stable = join "", map { $digits[oct "0b$_"] } $bits =~ /(.{6})/g;
    my $rest = length($bits) % 6;
    my @ends = ($stable);
    if ($rest) {
        push @ends, $stable . $digits[oct("0b" . substr $bits, -$rest) << 6 - $rest];
        push @ends, $ends[1] . "=" x ((6 - $rest) / 2);
    }
    my @url_ends = @ends;
    tr{+/}{-_} for @url_ends;
    @literal{@ends, @url_ends} = ();
    push @wrapped, $ends[-1];
    push @wrapped, $stable if $rest;
    @piece{map { substr $ends[-1], $_, 4 } 0 .. length($ends[-1]) - 4} = ();
}

# A text, whole lines or the end of one, with *** for what is secret. Values that overlap give one.
sub mask {
    my ($text) = @_;
    $text =~ s/(?<![A-Za-z0-9+\/])([A-Za-z0-9+\/]++=*+)(?=\r?$)/mask_wrapped($1)/gme if $text =~ $cut;
    return $text unless $text =~ $hidden;
    my ($masked, $at) = ("", 0);
    pos($text) = 0;
    while ($text =~ /$hidden/g) {
        my ($from, $to) = ($-[0], $+[0]);
        pos($text) = $from + 1;
        while ($text =~ /$hidden/g && $-[0] < $to) {
            $to = $+[0] if $+[0] > $to;
            pos($text) = $-[0] + 1;
        }
        $masked .= substr($text, $at, $from - $at) . "***";
        pos($text) = $at = $to;
    }
    return $masked . substr $text, $at;
}

# What a line ends with: it may lie within the base64 of a value, end with its beginning, or begin with its end.
sub mask_wrapped {
    my ($run) = @_;
    my ($size, $begins, $ends) = (length $run, 0, 0);
    return $run if $size < 4 || $size > $widest;
    for my $whole (@wrapped) {
        return "***" if index($whole, $run) >= 0;
        for (my $n = $size < length $whole ? $size : length $whole; $n >= 4; $n--) {
            $ends = $n if $n > $ends && substr($run, -$n) eq substr $whole, 0, $n;
            $begins = $n if $n > $begins && substr($run, 0, $n) eq substr $whole, -$n;
        }
    }
    return $run unless $begins || $ends;
    return "***" if $begins + $ends >= $size;
    return ($begins ? "***" : "") . substr($run, $begins, $size - $begins - $ends) . ($ends ? "***" : "");
}

# --- output ----------------------------------------------------------------------------------------

# What events are about, as JSON and for people: an object with both, made once and used for many lines.
sub about {
    my ($job, $step) = @_;
    my %about = (job => $job, step => $step, json => "", line => " [workflow:$workflow]");
    $about{json} .= sprintf q(,"job":"%s"), json($job) if length $job;
    $about{json} .= sprintf q(,"step":"%s"), json($step) if defined $step;
    $about{line} .= " [job:$job]" if length $job;
    $about{line} .= " [step:$step]" if defined $step;
    return \%about;
}

# One event: its text for people, its fields for programs (those without a value do not apply).
sub event {
    my ($stream, $about, $event, $text, @fields) = @_;
    my @told_fields = @fields;
    my $object = "{\"timestamp\":\"$stamp\",$json_run,\"event\":\"$event\"$about->{json}";
    my %field;
    while (my ($key, $value) = splice @fields, 0, 2) {
        next unless defined $value && length $value;
        ($value, $text) = mask_told($value, $text) if $hidden && ($key eq "reason" || $key eq "message");
        $field{$key} = $value;
        $object .= $number{$key} ? ",\"$key\":$value" : ",\"$key\":\"" . json($value) . "\"";
    }
    $object .= "}\n";
    my $line = "[$stamp]$about->{line} $text\n";
    $events .= $object;
    log_text($stream, $line) if $stream;
    my $shown = $format eq "structured" ? $line : $format eq "json" ? $object
        : $format eq "pretty" ? Pretty::event($about, $event, $text, \%field, $now) : simple_line($about, $event, $text);
    return $out .= $shown unless $quiet;
    show_quietly(holder($stream, $about), $event, $shown, @told_fields);
}

sub log_text {
    my ($stream, $text) = @_;
    push @to_log, $stream unless length $stream->{log};
    $stream->{log} .= $text;
}

# What others said, and the event's text, which has it at its end.
sub mask_told {
    my ($value, $text) = @_;
    my $masked = mask($value);
    my $at = rindex $text, $value;
    substr $text, $at, length $value, $masked if $at >= 0;
    return ($masked, $text);
}

# Simple: a line before and after each step, and what no step tells.
sub simple_line {
    my ($about, $event, $text) = @_;
    my $name = defined $about->{step} ? "$about->{job} / $about->{step}" : $about->{job};
    return "==> $name\n" if $event eq "step_start";
    return "<== $name: $text\n" if $event eq "step_end";
    return "$text\n" if $event eq "warning" || $event eq "debug";
    return "<== $name: $text\n" if $event eq "job_end" && $text !~ /^(Completed|Skipped)|^Failed.*\)\z/s;
    return "";
}

# A block of lines that a step printed; the last may be unended, which formats of lines end.
sub output {
    my ($stream, $block) = @_;
    look_at_clock();
    my $about = $stream->{about};
    $block = mask($block) if $hidden;
    my $raw = $block;
    $block .= "\n" if substr($block, -1) ne "\n";
    my $pretty = $format eq "pretty" ? Pretty::output($about, $block) : "";
    my $head = "{\"timestamp\":\"$stamp\",$json_run,\"event\":\"output\"$about->{json},\"message\":\"";
    my $objects = json_block($block);
    $objects =~ s/^/$head/mg;
    $objects =~ s/\n/"}\n/g;
    $head = "[$stamp]$about->{line} ";
    $block =~ s/^/$head/mg;
    $events .= $objects;
    log_text($stream, $block);
    my $shown = $format eq "json" ? $objects : $format eq "simple" ? $raw : $format eq "pretty" ? $pretty : $block;
    $quiet ? hold(holder($stream, $about), $shown) : ($out .= $shown);
}

# --- levels ------------------------------------------------------------------------------------------

# What the levels error and warning show of an event: failures, with what was held back of them, and the run's end.
sub show_quietly {
    my ($stream, $event, $shown, %field) = @_;
    my $status = defined $field{status} ? $field{status} : "";
    my $bad = $status eq "failure" || $status eq "timeout";
    if ($event eq "workflow_end") { $out .= $shown }
    elsif ($event eq "warning") { $out .= $shown if $quiet eq "warning" }
    elsif ($event eq "step_start") { drop($stream) if $field{attempt} == 1; hold($stream, $shown) }
    elsif ($event eq "step_retry") { hold($stream, $shown) }
    elsif ($event eq "step_end" || $event eq "job_end") {
        $bad ? release($stream) : drop($stream) if $stream;
        $out .= $shown if $bad;
    }
    elsif ($status eq "failure") { $out .= $shown }
}

# Members of a group end one by one, so each holds its own.
sub holder {
    my ($stream, $about) = @_;
    return $stream unless $stream && defined $stream->{in_member} && defined $about->{step};
    return $about->{holds} ||= {number => "$stream->{number}.$stream->{in_member}"};
}

# Held back until it is known how the step ends: in memory up to a megabyte, more in a file of the run.
sub hold {
    my ($stream, $shown) = @_;
    $stream->{held} .= $shown;
    return if length $stream->{held} < 1 << 20;
    $stream->{held_file} or open $stream->{held_file}, "+>", "$tmp/held.$stream->{number}" or return;
    put($stream->{held_file}, \$stream->{held});
}

sub drop {
    my ($stream) = @_;
    $stream->{held} = "";
    delete $stream->{held_file};
}

sub release {
    my ($stream) = @_;
    if (my $file = $stream->{held_file}) {
        sysseek $file, 0, 0;
        $out = Block::lift() . $out if $format eq "pretty";
        while (sysread $file, $out, 1 << 20, length $out) { write_out() }
    }
    $out .= $stream->{held} if defined $stream->{held};
    drop($stream);
}

# --- writing -----------------------------------------------------------------------------------------

# By number, since %! would load a module: EINTR is 4 everywhere, EAGAIN 11 on Linux and 35 on the BSDs.
sub interrupted { $! == 4 }
sub would_block { $! == 11 || $! == 35 }

# Whoever gave us this pipe may have made it non-blocking.
sub wait_to_write {
    my $set = "";
    vec($set, fileno $_[0], 1) = 1;
    select undef, $set, undef, undef;
    return 1;
}

# Writes a whole buffer and empties it. False where it cannot be written.
sub put {
    my ($handle, $buffer) = @_;
    my $at = 0;
    while ($at < length $$buffer) {
        my $n = syswrite $handle, $$buffer, length($$buffer) - $at, $at;
        if (!defined $n) {
            next if interrupted();
            next if would_block() && wait_to_write($handle);
            $$buffer = "";
            return 0;
        }
        $at += $n;
    }
    $$buffer = "";
    return 1;
}

# Once nobody reads, output stops and jobs go on.
sub write_out {
    $mute = 1 if length $out && !$mute && !put(\*STDOUT, \$out);
    $out = "";
}

# Everything gathered so far goes out; what the scheduler is told comes last, since it may end the run.
sub flush {
    $out = Block::frame($out, $now) if $format eq "pretty" && !$mute;
    write_out();
    put(\*EVENTS, \$events) or no_record("$run_dir/events.jsonl") if length $events;
    for my $stream (splice @to_log) {
        my $kept = !$stream->{log_file} || put($stream->{log_file}, \$stream->{log});
        $stream->{log} = "";
        no_log($stream, "cannot write $run_dir/logs/$stream->{name}.log: $!") unless $kept;
    }
    # What was said just now.
    return flush() if length $out;
    for my $line (splice @told) {
        put(\*HAPPENS, \(my $text = "$line\n"));
    }
}

# --- a job's stream --------------------------------------------------------------------------------

# A stream begins: of a job's condition, or of the job itself.
sub begin {
    my ($number, $name, $file, $watch, $new) = @_;
    my $stream = {number => $number, name => $name, file => $file, watch => $watch, buffer => "", log => "", result => ""};
    $stream->{given} = length $watch && !$new;
    $stream->{about} = $stream->{job} = about($name);
    look_at_clock();
    $stream->{started} = $now;
    # Before the stream: until somebody reads that, the process to be watched gets no further.
    return untaken($stream) if length $watch && !watch_process($stream);
    open_stream($stream) or return lost($stream, "its output cannot be read: $!");
    watch($stream->{handle}, \&receive, $stream);
    open $stream->{log_file}, ">>", "$run_dir/logs/$name.log" or no_log($stream, "cannot write $run_dir/logs/$name.log: $!");
}

sub watch {
    my ($handle, $do, $stream) = @_;
    $by_fd{fileno $handle} = sub { $do->($stream) };
    vec($watched, fileno $handle, 1) = 1;
}

sub unwatch {
    my ($fd) = @_;
    delete $by_fd{$fd};
    vec($watched, $fd, 1) = 0;
}

# Without waiting for the other end. Linux tells an end only once there was a beginning; where a FIFO without writers has
# ended from the start, it is opened for writing, too, until somebody has written.
sub open_stream {
    my ($stream) = @_;
    my $path = "$tmp/$stream->{file}";
    $stream->{sees_end} = defined $call;
    return defined $call ? sysopen($stream->{handle}, $path, 04000) : open($stream->{handle}, "+<", $path);
}

# Said once: what follows may be kept again or not.
sub no_record {
    my ($path) = @_;
    return if $unrecorded++;
    my $message = "cannot write $path: $!";
    event(undef, about(""), "warning", "Warning: $message", message => $message);
}

sub no_log {
    my ($stream, $message) = @_;
    delete $stream->{log_file};
    event($stream, $stream->{job}, "warning", "Warning: $message", message => $message);
}

# What a stream holds now is taken up, or its end.
sub receive {
    my ($stream) = @_;
    my $n = sysread $stream->{handle}, $data, 65536;
    return if !defined $n && (interrupted() || would_block());
    return ended($stream) unless $n;
    see_end($stream) unless $stream->{sees_end} || $stream->{orphaned};
    learn();
    $stream->{buffer} .= $data;
    take_up($stream) if index($data, "\n") >= 0;
    return 1;
}

# Where one process does all that a job is, it alone holds this FIFO open, which ends with it, whatever its steps still write
# to the stream. It may have done other jobs before, and be gone since the job was given to it: then false.
sub watch_process {
    my ($stream) = @_;
    my $watch = $stream->{watch};
    return $process{$watch}{stream} = $stream if $process{$watch};
    return 0 if $stream->{given};
    my $process = $process{$watch} = {stream => $stream};
    sysopen $process->{handle}, "$tmp/$watch", 04000 or return delete $process{$watch};
    watch($process->{handle}, sub { process_ended($watch) });
}

# Of a job that had not begun nothing is lost: the scheduler starts it anew, and the stream with it. One that had is taken over by
# another process; until that says so, the stream does not end. Most often the job has ended, too.
sub process_ended {
    my ($watch) = @_;
    my $process = delete $process{$watch};
    unwatch(fileno $process->{handle});
    my $stream = $process->{stream};
    orphaned($stream) if $stream->{handle};
}

sub untaken {
    my ($stream) = @_;
    unwatch(fileno delete $stream->{handle}) if $stream->{handle};
    push @told, "untaken $stream->{number}";
}

sub orphaned {
    my ($stream) = @_;
    $stream->{orphaned} = 1;
    1 while $stream->{handle} && receive($stream);
    return unless $stream->{handle};
    return untaken($stream) if $stream->{given} && !$stream->{steps};
    my $old = $stream->{handle};
    sysopen my $handle, "$tmp/$stream->{file}", 04002 or return lost($stream, "its output cannot be read: $!");
    unwatch(fileno $old);
    $stream->{handle} = $handle;
    watch($stream->{handle}, \&receive, $stream);
    push @told, "orphan $stream->{number}";
}

sub heir {
    my ($stream) = @_;
    $stream->{orphaned} = 0;
    see_end($stream);
}

sub see_end {
    my ($stream) = @_;
    my $old = fileno $stream->{handle};
    open my $handle, "<", "$tmp/$stream->{file}" or return;
    unwatch($old);
    $stream->{handle} = $handle;
    $stream->{sees_end} = 1;
    watch($stream->{handle}, \&receive, $stream);
}

# All whole lines of the buffer: records where the token stands, output between them.
sub take_up {
    my ($stream) = @_;
    my $text = substr $stream->{buffer}, 0, rindex($stream->{buffer}, "\n") + 1, "";
    while ((my $at = index $text, $token) >= 0) {
        output($stream, substr $text, 0, $at, "") if $at > 0;
        if ($text =~ $member_lines) { member_lines($stream, $1, $2, substr $text, 0, $+[0], ""); next }
        my $record = substr $text, 0, index($text, "\n") + 1, "";
        $record = substr $record, length $token, -1;
        if ($record =~ /^line\037([0-9]+)\037(.*)/s) { member_line($stream, $1, $2); next }
        return if record($stream, fields($record));
    }
    output($stream, $text) if length $text;
}

# Lines of one member's stream with no record in them, as they came: most come many at a time.
sub member_lines {
    my ($stream, $head, $step, $block) = @_;
    $block =~ s/^(?:\Q$token\E\n)?\Q$head\E//mg;
    about_member($stream, $step, sub { output($stream, $block) });
}

# One line of a member's stream, without its end; a record may stand in it.
sub member_line {
    my ($stream, $step, $text) = @_;
    my $at = index $text, $token;
    about_member($stream, $step, sub {
        return output($stream, "$text\n") if $at < 0;
        output($stream, substr $text, 0, $at) if $at > 0;
        record($stream, fields(substr $text, $at + length $token));
    });
}

# What lines are about is kept for each member of a group.
sub about_member {
    my ($stream, $step, $do) = @_;
    my $about = $stream->{about};
    $stream->{about} = $stream->{member}[$step] || $stream->{job};
    $stream->{in_member} = $step;
    $do->();
    $stream->{member}[$step] = $stream->{about};
    $stream->{about} = $about;
    delete $stream->{in_member};
}

# The stream ended without its last record.
sub ended {
    my ($stream) = @_;
    return if $stream->{orphaned};
    return process_ended($stream->{watch}) if $process{$stream->{watch}};
    output($stream, $stream->{buffer}) if length $stream->{buffer};
    look_at_clock();
    lost($stream, "the process that watches over this job was killed");
}

sub lost {
    my ($stream, $reason) = @_;
    job_end($stream, "failure", $reason);
}

sub finish {
    my ($stream, $line) = @_;
    push @told, $line;
    flush();
    unwatch(fileno $stream->{handle}) if $stream->{handle};
    delete $stream->{handle};
}

my %told_as = (artifact_saved => "Saved artifact ", artifact_restored => "Restored artifact ", cache_hit => "Restored cache ",
    warning => "Warning: ", debug => "Debug: ");

# One record of the stream. True after the last.
sub record {
    my ($stream, $kind, @field) = @_;
    look_at_clock();
    if (!defined $kind) { return 0 }
    elsif ($kind eq "start") { step_start($stream, @field) }
    elsif ($kind eq "end") { step_end($stream, @field) }
    elsif ($kind eq "retry") { step_retry($stream, @field) }
    elsif ($kind eq "job_start") { job_start($stream, @field) }
    elsif ($kind eq "secret") { hide($field[1]) }
    elsif ($kind eq "export") { export($stream, @field) }
    elsif ($kind eq "job_result") { $stream->{result} = $field[0] }
    elsif ($kind eq "job_failed") { @$stream{"result", "reason"} = ("failure", $field[0]) }
    elsif ($kind eq "output_missing") { push @{$stream->{missing}}, $field[0] }
    elsif ($kind eq "output_failed") { push @{$stream->{unsaved}}, $field[0] }
    elsif ($told_as{$kind}) { event($stream, $stream->{about}, $kind, $told_as{$kind} . $field[0], message => $field[0]) }
    elsif ($kind eq "cache_made") { $stream->{cache} = \@field }
    elsif ($kind eq "heir") { heir($stream) }
    elsif ($kind eq "verdict") { verdict($stream, @field); return 1 }
    elsif ($kind eq "close") { close_job($stream, @field); return 1 }
    return 0;
}

# The job's timeout in ms, if any, and the names of its steps: records say their numbers.
sub job_start {
    my ($stream, $executor, $limit, @steps) = @_;
    $stream->{limit} = $limit;
    $stream->{steps} = [map { about($stream->{name}, $_) } @steps];
    event($stream, $stream->{job}, "job_start", "Starting", executor => $executor);
}

sub step_start {
    my ($stream, $step, $attempt, $max) = @_;
    $stream->{about} = $stream->{steps}[$step];
    $stream->{since}[$step] = $now if $attempt == 1;
    event($stream, $stream->{about}, "step_start", "Starting", attempt => $attempt, max_attempts => $max);
}

# A step that never started has neither attempt nor duration.
sub step_end {
    my ($stream, $step, $status, $exit, $attempt, $max, $reason, $limit) = @_;
    my $duration = length $attempt ? $now - $stream->{since}[$step] : "";
    event($stream, $stream->{steps}[$step], "step_end", end_text($status, $exit, $duration, $reason, $limit),
        attempt => $attempt, max_attempts => $max, status => $status, exit_code => $exit, duration_ms => $duration, reason => $reason);
    # What follows is about the job again.
    $stream->{about} = $stream->{job};
}

sub step_retry {
    my ($stream, $step, $status, $exit, $attempt, $max, $delay, $backoff, $reason) = @_;
    my $text = sprintf "Retrying in %s (attempt %s/%s, %s)", short_seconds($delay), $attempt, $max, $backoff;
    $text .= ": $reason" if length $reason;
    event($stream, $stream->{steps}[$step], "step_retry", $text, attempt => $attempt, max_attempts => $max, status => $status,
        exit_code => $exit, delay_ms => $delay, reason => $reason);
}

# How the end of a step, a job or the run reads.
sub end_text {
    my ($status, $exit, $duration, $reason, $limit) = @_;
    return "Skipped ($reason)" if $status eq "skipped";
    my $text = $status eq "cancelled" ? "Cancelled" : $status eq "timeout" ? "Timed out after " . short_seconds($limit)
        : ($status eq "success" ? "Completed" : "Failed") . " (duration: " . seconds($duration) . ", exit: $exit)";
    return length $reason ? "$text: $reason" : $text;
}

# What the scheduler reads as $needs.JOB.NAME.
sub export {
    my ($stream, $name, $value) = @_;
    $value =~ s/([\\\n\037])/$1 eq "\n" ? "\\n" : $1 eq "\037" ? "\\0037" : "\\\\"/ge;
    my $line = "$name=$value\n";
    my $file;
    my $kept = open($file, ">>", "$tmp/exports.$stream->{number}") && put($file, \$line) && close $file;
    push @{$stream->{unkept}}, $name unless $kept;
}

# The supervisor is done; STATUS is how the executor's process ended.
sub close_job {
    my ($stream, $status) = @_;
    my ($result, $reason) = ($stream->{result}, $stream->{reason});
    return job_end($stream, "failure", "the job runner ended without a result (exit status $status)") unless length $result;
    if ($result eq "success") {
        my $lost;
        $lost = "artifact not made: " . join " ", @{$stream->{missing}} if $stream->{missing};
        $lost = "artifact could not be saved: " . join " ", @{$stream->{unsaved}} if $stream->{unsaved};
        $lost = "export could not be kept: " . join " ", @{$stream->{unkept}} if $stream->{unkept};
        ($result, $reason) = ("failure", $lost) if defined $lost;
    }
    keep_cache($stream, @{$stream->{cache}}) if $result eq "success" && $stream->{cache};
    job_end($stream, $result, $reason);
}

# The job is green: what was staged becomes an entry of the cache, whole or not at all.
sub keep_cache {
    my ($stream, $parts, $entry, $lost) = @_;
    event($stream, $stream->{job}, "warning", "Warning: $lost", message => $lost) if length $lost;
    return if !length $parts || rename $parts, $entry;
    event($stream, $stream->{job}, "warning", "Warning: cannot make $entry", message => "cannot make $entry");
}

# A job's condition has been evaluated.
sub verdict {
    my ($stream, $verdict, $text) = @_;
    return finish($stream, "verdict $stream->{number} $verdict") if $verdict eq "holds" || $verdict eq "cancelled";
    return job_end($stream, "skipped", "condition: $text") if $verdict eq "fails";
    job_end($stream, "failure", $text);
}

# The job's last event, and the line that the scheduler waits for.
sub job_end {
    my ($stream, $status, $reason) = @_;
    my ($duration, $exit) = ("", "");
    ($duration, $exit) = ($now - $stream->{started}, $status eq "success" ? 0 : 1) unless $status eq "skipped";
    $reason = "" unless defined $reason;
    event($stream, $stream->{job}, "job_end", end_text($status, $exit, $duration, $reason, $stream->{limit}),
        status => $status, exit_code => $exit, duration_ms => $duration, reason => $reason);
    finish($stream, "done $stream->{number} $status");
}

# --- the scheduler's lines ---------------------------------------------------------------------------

# config …; still; job NUMBER NAME STREAM WATCH; event NAME OF-JOB TEXT KEY VALUE…; end STATUS EXIT LIMIT; quit
sub command {
    my ($kind, @field) = fields($_[0]);
    if ($kind eq "config") { configure(@field) }
    elsif ($kind eq "still") { $Pretty::ended = 1 }
    elsif ($kind eq "job") { begin(@field) }
    elsif ($kind eq "event") { told(@field) }
    elsif ($kind eq "end") { run_end(@field) }
    elsif ($kind eq "quit") { flush(); exit 0 }
}

sub configure {
    ($format, $workflow, my $run, $token, $run_dir, $tmp, my $level, my @pretty) = @_;
    $quiet = $level if defined $level && $level =~ /^(error|warning)\z/;
    $member_lines = qr/\A(\Q$token\Eline\037([0-9]+)\037)[^\036\n]*\n(?:(?:\Q$token\E\n)?\1[^\036\n]*\n)*/;
    if ($format eq "pretty") {
        require "$tmp/pretty.pl";
        Pretty::configure($workflow, @pretty);
    }
    $json_run = sprintf q("workflow":"%s","run":"%s"), json($workflow), json($run);
    open EVENTS, ">>", "$run_dir/events.jsonl" or die "cannot write $run_dir/events.jsonl: $!\n";
    look_at_clock();
    $run_started = $now;
    push @told, defined $call ? "collector watching" : "collector ready";
}

sub run_end {
    my ($status, $exit, $limit) = @_;
    look_at_clock();
    my $duration = $now - $run_started;
    event(undef, about(""), "workflow_end", end_text($status, $exit, $duration, "", $limit),
        status => $status, exit_code => $exit, duration_ms => $duration);
}

sub told {
    my ($event, $job, $text, @fields) = @_;
    learn();
    look_at_clock();
    event(undef, about($job), $event, $text, @fields);
}

# --- the loop ----------------------------------------------------------------------------------------

$SIG{$_} = "IGNORE" for qw(PIPE INT TERM HUP QUIT);
open CONTROL, "<", $control_path or die "cannot read $control_path: $!\n";
open HAPPENS, ">>", $happens_path or die "cannot write $happens_path: $!\n";
my $commands = "";
my $control = fileno CONTROL;
my $control_open = 1;
vec($watched, $control, 1) = 1;
while ($control_open || %by_fd) {
    my $set = $watched;
    my $ready = select $set, undef, undef, $format eq "pretty" ? Block::ticks() : undef;
    next if $ready < 0;
    look_at_clock() if $format eq "pretty";
    if ($control_open && vec $set, $control, 1) {
        my $n = sysread CONTROL, $commands, 65536, length $commands;
        # The script was killed: what its jobs still say is kept.
        $control_open = vec($watched, $control, 1) = 0, $Pretty::ended = 1 if defined $n && !$n;
        command($1) while $commands =~ s/^([^\n]*)\n//;
    }
    # Only those that have something: of a thousand streams few do.
    my $bits = unpack "b*", $set;
    for (my $fd = index $bits, "1"; $fd >= 0; $fd = index $bits, "1", $fd + 1) {
        # It may take itself out of the table while it runs.
        if (my $do = $by_fd{$fd}) { $do->() }
    }
    flush();
}
