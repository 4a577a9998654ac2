# mw_room(<name> DEPS <rooms...> LIBS <third-party targets...> PUBLIC_LIBS <...>)
# One static library per room, src/<name>/*.cpp, target mw_<name>, alias mw::room::<name>.
# The include rule between rooms is enforced by tests/rules; linking follows the same arrows.
function(mw_room name)
  cmake_parse_arguments(R "" "" "DEPS;LIBS;PUBLIC_LIBS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_library(mw_${name} STATIC ${sources})
  add_library(mw::room::${name} ALIAS mw_${name})
  target_include_directories(mw_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  foreach(dep IN LISTS R_DEPS)
    target_link_libraries(mw_${name} PUBLIC mw_${dep})
  endforeach()
  target_link_libraries(mw_${name} PUBLIC mw_options ${R_PUBLIC_LIBS} PRIVATE mw_warnings ${R_LIBS})
  target_precompile_headers(mw_${name} REUSE_FROM mw_precompiled)
endfunction()

# mw_test(<label> <name> ROOMS <rooms...> LIBS <targets...>)
# GoogleTest binary <label>_<name> from tests/<label>/<name>/*.cpp, discovered into ctest with LABELS <label>.
# Rooms without sources are left out. The main() is tests/support/decoder_main.cpp unless the test has its own, which
# must then call codec::run_as_decoder first.
function(mw_test label name)
  cmake_parse_arguments(T "" "" "ROOMS;LIBS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${label}/${name}/*.cpp)
  if(NOT sources)
    return()
  endif()
  set(target ${label}_${name})
  add_executable(${target} ${sources})
  target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  foreach(room IN LISTS T_ROOMS)
    if(TARGET mw_${room})
      target_link_libraries(${target} PRIVATE mw_${room})
    endif()
  endforeach()
  # An archive, so that a main() among the sources wins; before gtest_main, so that it wins over that.
  if(NOT TARGET mw_test_main)
    add_library(mw_test_main STATIC ${CMAKE_SOURCE_DIR}/tests/support/decoder_main.cpp)
    target_link_libraries(mw_test_main PUBLIC mw_codec mw::gtest)
  endif()
  target_link_libraries(${target} PRIVATE mw_test_main mw_warnings mw::gtest ${T_LIBS})
  target_precompile_headers(${target} REUSE_FROM mw_precompiled_tests)
  target_compile_options(${target} PRIVATE ${MW_TEST_OPTIMISATION})
  target_compile_definitions(${target} PRIVATE
    MW_TEST_DATA_DIR="${CMAKE_SOURCE_DIR}/tests/data"
    MW_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
    MW_SHARED_IMAGES_DIR="${CMAKE_SOURCE_DIR}/../shared/images")
  gtest_discover_tests(${target} TEST_PREFIX "${name}." PROPERTIES LABELS "${label}" TIMEOUT 300
    DISCOVERY_TIMEOUT 120)
endfunction()
