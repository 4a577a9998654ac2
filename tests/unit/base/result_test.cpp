#include "base/result.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <memory>

namespace mw {
namespace {

Result<int> half(int n) {
    if (n % 2) return fail(ErrorCode::invalid_argument, "odd");
    return n / 2;
}

TEST(Result, carries_a_value_or_an_error) {
    EXPECT_EQ(half(8).value(), 4);
    const Result<int> odd = half(7);
    ASSERT_FALSE(odd);
    EXPECT_EQ(odd.error(), (Error{ErrorCode::invalid_argument, "odd"}));
    EXPECT_EQ(half(7).value_or(9), 9);
}

TEST(Result, converts_and_moves) {
    // tl's monadic functions want a bare expected from the callable; Result takes it back.
    const Result<int> quarter =
        half(8).and_then([](int n) -> Result<int>::Base { return half(n); });
    EXPECT_EQ(quarter.value(), 2);
    Result<std::unique_ptr<int>> owned = std::make_unique<int>(5);
    const std::unique_ptr<int> taken = std::move(owned).value();
    EXPECT_EQ(*taken, 5);
    const Status fine;
    EXPECT_TRUE(fine);
}

TEST(Result, errno_becomes_a_code) {
    EXPECT_EQ(code_from_errno(ENOENT), ErrorCode::not_found);
    EXPECT_EQ(code_from_errno(ENOTDIR), ErrorCode::not_found);
    EXPECT_EQ(code_from_errno(EACCES), ErrorCode::permission_denied);
    EXPECT_EQ(code_from_errno(EROFS), ErrorCode::permission_denied);
    EXPECT_EQ(code_from_errno(ENOSPC), ErrorCode::disk_full);
    EXPECT_EQ(code_from_errno(EDQUOT), ErrorCode::disk_full);
    EXPECT_EQ(code_from_errno(EIO), ErrorCode::io);
    EXPECT_EQ(text_from_errno(ENOSPC), "No space left on device");
    for (int code = 0; code <= static_cast<int>(ErrorCode::engine); ++code)
        EXPECT_NE(to_string(static_cast<ErrorCode>(code)), "unknown");
}

} // namespace
} // namespace mw
