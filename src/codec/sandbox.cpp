#include "codec/sandbox.h"

#include <linux/capability.h>
#include <linux/close_range.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <algorithm>
#include <cmath>
#include <cstring>
#include <ctime>
#include <memory>

#include "codec/child.h"

namespace mw::codec {
namespace {

bool set_limit(int what, std::uint64_t soft, std::uint64_t hard) {
    struct rlimit now {};
    if (::getrlimit(static_cast<__rlimit_resource>(what), &now) != 0) return false;
    const rlim_t top = std::min<rlim_t>(hard, now.rlim_max);
    const struct rlimit next { std::min<rlim_t>(soft, top), top };
    return ::setrlimit(static_cast<__rlimit_resource>(what), &next) == 0;
}

// Root would be free of the hard limits.
void drop_capabilities() {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct none[2] = {};
    ::syscall(SYS_capset, &header, none);
}

#ifndef MASKWRIGHT_SANITIZED
bool filter_system_calls() {
    const std::unique_ptr<void, void (*)(void*)> context(seccomp_init(SCMP_ACT_KILL_PROCESS),
                                                         seccomp_release);
    if (!context) return false;
    bool ok = true;
    // Memory (how much there is: qsort of glibc asks), the reply, time, leaving.
    for (const int call :
         {SCMP_SYS(read), SCMP_SYS(pread64), SCMP_SYS(write), SCMP_SYS(close), SCMP_SYS(brk),
          SCMP_SYS(munmap), SCMP_SYS(madvise), SCMP_SYS(sysinfo), SCMP_SYS(futex),
          SCMP_SYS(clock_gettime), SCMP_SYS(getrandom), SCMP_SYS(rt_sigreturn),
          SCMP_SYS(restart_syscall), SCMP_SYS(prlimit64), SCMP_SYS(exit), SCMP_SYS(exit_group)})
        ok = ok && seccomp_rule_add(context.get(), SCMP_ACT_ALLOW, call, 0) == 0;
    // New memory, but never memory that runs; mremap keeps what was.
    for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)})
        ok = ok && seccomp_rule_add(context.get(), SCMP_ACT_ALLOW, call, 1,
                                    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
    ok = ok && seccomp_rule_add(context.get(), SCMP_ACT_ALLOW, SCMP_SYS(mremap), 0) == 0;
    ok = ok && seccomp_rule_add(context.get(), SCMP_ACT_ALLOW, SCMP_SYS(ftruncate), 1,
                                SCMP_A0(SCMP_CMP_EQ, kPixelsFd)) == 0;
    return ok && seccomp_load(context.get()) == 0;
}
#endif

} // namespace

bool enter_sandbox(const Walls& walls) {
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || ::getppid() != walls.parent) return false;
    ::close_range(static_cast<unsigned>(std::max(kReplyFd, walls.keep_fd) + 1), ~0u, 0);
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || ::prctl(PR_SET_DUMPABLE, 0) != 0)
        return false;
    // A date in a colour profile makes the C library look for the time zone once.
    ::tzset();
    drop_capabilities();
    const auto seconds = static_cast<std::uint64_t>(std::ceil(std::max(walls.seconds, 1.0)));
    bool ok = set_limit(RLIMIT_CORE, 0, 0) &&
              set_limit(RLIMIT_FSIZE, walls.max_file_bytes, walls.max_file_bytes);
#ifdef MASKWRIGHT_SANITIZED
    // Shadow memory wants terabytes of addresses, and reports want files and system calls.
    ok = ok && set_limit(RLIMIT_CPU, 10 * seconds, 10 * seconds + 1);
    return ok;
#else
    ok = ok && set_limit(RLIMIT_AS, walls.bytes_now, walls.max_bytes) &&
         set_limit(RLIMIT_CPU, 2, seconds + 1);
    return ok && filter_system_calls();
#endif
}

void resize_sandbox(std::uint64_t bytes, double cpu_seconds) {
#ifdef MASKWRIGHT_SANITIZED
    (void)bytes;
    (void)cpu_seconds;
#else
    set_limit(RLIMIT_AS, bytes, RLIM_INFINITY);
    set_limit(RLIMIT_CPU, static_cast<std::uint64_t>(std::ceil(cpu_seconds)), RLIM_INFINITY);
#endif
}

} // namespace mw::codec
