# mw_fetch(<out> <name> <option>): folder of the Debian source package <name>, in <out>.
# The cache variable <option> wins; else fetch.sh fills .cache/ once. <out> is empty when that failed.
function(mw_fetch out name option)
  set(${option} "" CACHE PATH "Folder with the sources of ${name}; empty: fetch the pinned Debian source package")
  set(dir "${${option}}")
  if(NOT dir)
    execute_process(COMMAND ${CMAKE_COMMAND} -E env "CXX=${CMAKE_CXX_COMPILER}"
      ${PROJECT_SOURCE_DIR}/third_party/fetch.sh ${name}
      OUTPUT_VARIABLE dir OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
    if(failed)
      set(dir "")
    else()
      # A new pin, or an emptied cache, configures again.
      get_filename_component(taken "${dir}/../${name}.taken" ABSOLUTE)
      set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
        ${PROJECT_SOURCE_DIR}/third_party/sources.lock ${taken})
    endif()
  endif()
  set(${out} "${dir}" PARENT_SCOPE)
endfunction()

# mw_pkg(<dep> <pkg-config modules...>): mw::<dep> from pkg-config.
function(mw_pkg dep)
  pkg_check_modules(${dep} REQUIRED IMPORTED_TARGET GLOBAL ${ARGN})
  add_library(mw_tp_${dep} INTERFACE)
  target_link_libraries(mw_tp_${dep} INTERFACE PkgConfig::${dep})
  add_library(mw::${dep} ALIAS mw_tp_${dep})
endfunction()

# mw_wrap(<dep> <targets...>): mw::<dep> from targets that a find module made.
function(mw_wrap dep)
  add_library(mw_tp_${dep} INTERFACE)
  target_link_libraries(mw_tp_${dep} INTERFACE ${ARGN})
  add_library(mw::${dep} ALIAS mw_tp_${dep})
endfunction()
