# agent_layer(NAME SOURCES ... [HEADERS ...] [NEEDS layer ...] [LIBS target ...])
#   One layer of the diagram (docs/architecture.md) as a static library, or an interface library when it has no
#   sources. NEEDS is the whole list of layers whose headers it may include: tests/lint/layers.py checks every
#   #include against it. LIBS are libraries from outside. HEADERS: only for a folder that holds more than one layer;
#   else every header in the folder is the layer's own.
# agent_program(NAME SOURCES ... NEEDS ... [LIBS ...])   an executable; may include what it needs, like a layer.
# Declarations are collected in build/layers.txt: name|kind|dir|sources|headers|needs

add_compile_options(-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes
  -Werror -fno-common)
add_compile_definitions(_FILE_OFFSET_BITS=64)
if(WIN32)
  # printf as C11 has it, not as msvcrt; and without COM, whose names (VT_BOOL) would meet ours through uv.h.
  add_compile_definitions(__USE_MINGW_ANSI_STDIO=1 WIN32_LEAN_AND_MEAN)
else()
  add_compile_definitions(_GNU_SOURCE)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_options(-fstack-protector-strong)
  add_link_options(-fstack-protector-strong)    # mingw: links libssp
  add_compile_definitions(_FORTIFY_SOURCE=2)
endif()
if(VITRINE_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()
if(VITRINE_TSAN)
  add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
  add_link_options(-fsanitize=thread)
endif()
if(VITRINE_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

file(WRITE ${PROJECT_BINARY_DIR}/layers.txt "")

function(agent_record_declaration name kind sources headers needs)
  file(RELATIVE_PATH dir ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  list(JOIN sources "," sources)
  list(JOIN headers "," headers)
  list(JOIN needs "," needs)
  file(APPEND ${PROJECT_BINARY_DIR}/layers.txt "${name}|${kind}|${dir}|${sources}|${headers}|${needs}\n")
endfunction()

function(agent_layer name)
  cmake_parse_arguments(L "" "" "SOURCES;HEADERS;NEEDS;LIBS" ${ARGN})
  if(L_SOURCES)
    add_library(${name} STATIC ${L_SOURCES})
    target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} PUBLIC ${L_NEEDS} ${L_LIBS})
  else()
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} INTERFACE ${L_NEEDS} ${L_LIBS})
  endif()
  agent_record_declaration(${name} layer "${L_SOURCES}" "${L_HEADERS}" "${L_NEEDS}")
endfunction()

function(agent_program name)
  cmake_parse_arguments(P "" "" "SOURCES;NEEDS;LIBS" ${ARGN})
  add_executable(${name} ${P_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${P_NEEDS} ${P_LIBS})
  target_compile_definitions(${name} PRIVATE VITRINE_VERSION="${PROJECT_VERSION}")
  agent_record_declaration(${name} program "${P_SOURCES}" "" "${P_NEEDS}")
endfunction()

# agent_python_test(NAME SCRIPT ARGUMENT...): a test written in Python; exit status 77 means skipped. python3 is looked for
# when the test runs, since a machine that only builds Vitrine needs none. Windows programs have scripts of their own
# (tests/windows), since what these start would have to be run under Wine.
function(agent_python_test name script)
  if(WIN32)
    return()
  endif()
  add_test(NAME ${name} COMMAND ${CMAKE_COMMAND} -E env PYTHONDONTWRITEBYTECODE=1
    python3 ${CMAKE_CURRENT_SOURCE_DIR}/${script} ${ARGN} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES TIMEOUT 300 SKIP_RETURN_CODE 77)
endfunction()

# agent_unit_tests(): every test_*.c below this folder becomes one cmocka program and one ctest test, named by its
# path. tests/unit/a/b/test_x.c links the layer a_b, test_support, and test_a_b where there is one; nothing else is to be
# registered. What ends in _win.c or _posix.c is of one system only.
function(agent_unit_tests)
  file(GLOB_RECURSE tests CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} test_*.c)
  if(WIN32)
    list(FILTER tests EXCLUDE REGEX "_posix\\.c$")
  else()
    list(FILTER tests EXCLUDE REGEX "_win\\.c$")
  endif()
  foreach(source ${tests})
    get_filename_component(dir ${source} DIRECTORY)
    get_filename_component(base ${source} NAME_WE)
    string(REPLACE "/" "_" layer "${dir}")
    set(name "unit_${layer}_${base}")
    if(NOT TARGET ${layer})
      message(FATAL_ERROR "${source}: no layer ${layer} to test")
    endif()
    add_executable(${name} ${source})
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} PRIVATE ${layer} test_support PkgConfig::CMOCKA)
    if(TARGET test_${layer})
      target_link_libraries(${name} PRIVATE test_${layer})
    endif()
    add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    # cmocka's closing line is required: a test that dies early must not pass. ctest then looks at no exit status, so
    # what a sanitizer says after that line must fail it.
    set_tests_properties(${name} PROPERTIES TIMEOUT 300 PASS_REGULAR_EXPRESSION "\\[  PASSED  \\] [1-9]"
      FAIL_REGULAR_EXPRESSION "\\[  FAILED  \\];Sanitizer;runtime error:")
    set_property(TARGET ${name} PROPERTY RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  endforeach()
endfunction()
