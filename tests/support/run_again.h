// This test program again, with one test that is otherwise left out: a process with nothing of this
// one.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <string>

namespace mw::test {

// The child's id, for the caller to wait for; `name` is "Suite.DISABLED_Test".
inline pid_t run_again(const char* name) {
    const std::string filter = std::string("--gtest_filter=") + name;
    const pid_t child = ::fork();
    if (child != 0) return child;
    ::execl("/proc/self/exe", "again", filter.c_str(), "--gtest_also_run_disabled_tests",
            "--gtest_brief=1", nullptr);
    ::_exit(9);
}

} // namespace mw::test
