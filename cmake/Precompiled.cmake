# The standard headers that nearly every source includes, compiled once for the rooms and once, with GoogleTest, for the
# tests. A third of the build's time; sources still include what they use.
file(WRITE ${CMAKE_BINARY_DIR}/empty.cpp "")
set(common <algorithm> <array> <cmath> <cstdint> <filesystem> <functional> <map> <memory> <optional> <span> <stop_token>
  <string> <string_view> <thread> <variant> <vector> <tl/expected.hpp> <fmt/format.h>)
function(mw_precompile name)
  add_library(${name} OBJECT ${CMAKE_BINARY_DIR}/empty.cpp)
  target_link_libraries(${name} PRIVATE mw_options mw_warnings mw::expected mw::fmt ${ARGN})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${name} PRIVATE -fpch-preprocess) # for ccache
  endif()
endfunction()
mw_precompile(mw_precompiled)
target_precompile_headers(mw_precompiled PRIVATE ${common})
# Tests are compiled more often than they run.
set(MW_TEST_OPTIMISATION -O1)
if(MASKWRIGHT_TESTS)
  mw_precompile(mw_precompiled_tests mw::gtest)
  target_compile_options(mw_precompiled_tests PRIVATE ${MW_TEST_OPTIMISATION})
  target_precompile_headers(mw_precompiled_tests PRIVATE ${common} <gtest/gtest.h>)
endif()
