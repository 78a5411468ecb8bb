# Each way to confine a container: part of run.

seccomp="--security-opt seccomp=$profile"

works seccomp 'user 10001, Chrome sandboxed' as_10001 $seccomp
refuses default 'needs user namespaces: start a container with'
works no-sandbox "Docker's own profile, BERTH_CHROME_SANDBOX=false, which /health/ready shows" unsandboxed -e BERTH_CHROME_SANDBOX=false
works user 'any user id, without a name' as_1234 $seccomp --user 1234:1234
works read-only 'with a tmpfs at /tmp' as_10001 $seccomp --read-only --tmpfs /tmp
works cap-drop 'without any capability' as_10001 $seccomp --cap-drop=ALL
works no-new-privs 'no-new-privileges' as_10001 $seccomp --security-opt no-new-privileges
works all 'all of these at once, and a recording' as_1234_with_all $seccomp --user 1234:1234 --read-only --tmpfs /tmp --cap-drop=ALL --security-opt no-new-privileges
works root 'a user id for each Chrome' own_users $seccomp --user 0
refuses root-default 'unshare failed: Operation not permitted' --user 0
refuses root-cap-drop 'CHOWN, DAC_OVERRIDE, FOWNER, KILL, SETGID, SETUID' $seccomp --user 0 --cap-drop=ALL
refuses root-read-only 'mount a tmpfs at /run' $seccomp --user 0 --read-only --tmpfs /tmp
refuses no-place '--tmpfs /tmp' $seccomp --user 1234:1234 --read-only
mkdir -m 755 "$work/folder"
refuses foreign-volume "user id 10001 can't make /var/lib/berth/data" $seccomp -v "$work/folder:/var/lib/berth"
