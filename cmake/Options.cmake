# mw_options: what every target of ours compiles with. mw_warnings: our own sources only.
find_package(Threads REQUIRED)
add_library(mw_options INTERFACE)
target_link_libraries(mw_options INTERFACE Threads::Threads)
# -ffp-contract=off: the same float results with and without FMA, so goldens and replays agree between machines.
target_compile_options(mw_options INTERFACE -ffp-contract=off -fno-math-errno)
if(MASKWRIGHT_SANITIZE)
  target_compile_options(mw_options INTERFACE -fsanitize=${MASKWRIGHT_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=undefined)
  target_link_options(mw_options INTERFACE -fsanitize=${MASKWRIGHT_SANITIZE})
  target_compile_definitions(mw_options INTERFACE MASKWRIGHT_SANITIZED=1)
endif()
add_library(mw_warnings INTERFACE)
target_compile_options(mw_warnings INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wpedantic
  -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # False alarms of GCC 12 on std::string moved into a vector (GCC bugs 105329, 105651).
  target_compile_options(mw_warnings INTERFACE -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow
    -Wno-stringop-overread)
endif()
