#include "desktop/uri_list.h"

#include <gtest/gtest.h>

namespace mw::desktop {
namespace {

using Paths = std::vector<std::filesystem::path>;

TEST(UriList, NamesComeBackWhateverIsInThem) {
    for (const std::string name :
         {"/a", "/with space.png", "/new\nline", "/per%20cent", "/#hash?query",
          "/\xc3\xa4\xe2\x82\xac.png", "/\xff\xfe not UTF-8", "/;,:@&=+$!'()*[]"}) {
        const std::string uri = file_uri(name);
        EXPECT_EQ(uri.find_first_of(" \r\n\"<>"), std::string::npos) << uri;
        EXPECT_EQ(path_of_uri(uri), std::filesystem::path(name));
    }
}

TEST(UriList, OnlyFilesOfThisMachine) {
    EXPECT_EQ(path_of_uri("file:///a"), "/a");
    EXPECT_EQ(path_of_uri("file:/a"), "/a");
    EXPECT_EQ(path_of_uri("file://localhost/a"), "/a");
    for (const char* no : {"", "/a", "http://x/a", "file://elsewhere.invalid/a", "file://",
                           "file:a", "file:///a%", "file:///a%2", "file:///a%zz", "file:///a%00b"})
        EXPECT_FALSE(path_of_uri(no)) << no;
}

TEST(UriList, ListsWithCommentsAndAnyLineEnds) {
    EXPECT_EQ(paths_of_uri_list("# a comment\r\nfile:///a\r\nhttp://x/y\r\nfile:///b%20c\r\n"),
              (Paths{"/a", "/b c"}));
    EXPECT_EQ(paths_of_uri_list("file:///a\nfile:///b"), (Paths{"/a", "/b"}));
    EXPECT_EQ(paths_of_uri_list(""), Paths{});
    EXPECT_EQ(paths_of_uri_list("\r\n\r\n"), Paths{});
}

} // namespace
} // namespace mw::desktop
