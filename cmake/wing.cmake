# One target per folder. wing(envs SOURCES a.cpp b.cpp LINKS core) makes the library `envs` whose headers are reached as
# "envs/x.h" by those targets alone that link it: the include arrows of the house are enforced by the compiler.

option(ATELIER_WERROR "Treat warnings as errors: for developers, since a newer compiler has new warnings" OFF)
option(ATELIER_UNITY "Compile each folder as one unit" ON)

add_library(house_flags INTERFACE)
target_compile_options(house_flags INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wno-sign-conversion -Wno-missing-field-initializers
  $<$<BOOL:${ATELIER_WERROR}>:-Werror> -ffp-contract=off -fno-math-errno -fno-trapping-math
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>  # GCC 12 reports "literal" + std::string falsely (GCC bug 105651)
  # its own memory is not collected before there are 4 GB of it, which no unit reaches: a third of the time of those that begin with a
  # precompiled header of 500 MB, for 5 % more memory; the objects are the same
  "$<$<CXX_COMPILER_ID:GNU>:--param=ggc-min-expand=400;--param=ggc-min-heapsize=4000000>"
  # GCC 13 and 14 report std::vector<bool>::reserve, inlined from LibTorch's header, falsely
  "$<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_GREATER_EQUAL:$<CXX_COMPILER_VERSION>,13>>:-Wno-array-bounds;-Wno-stringop-overflow>"
  # a local that hides one of another file in the same unit is no fault
  $<IF:$<CXX_COMPILER_ID:GNU>,-Wshadow=local,-Wshadow>
  $<$<CXX_COMPILER_ID:Clang>:-Wno-pass-failed>)  # a loop that Clang leaves scalar is slower, not wrong
if(ATELIER_SANITIZE)
  target_compile_options(house_flags INTERFACE -fsanitize=${ATELIER_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=undefined)
  target_link_options(house_flags INTERFACE -fsanitize=${ATELIER_SANITIZE})
  foreach(kind ADDRESS THREAD)  # clang does not say it as g++ does
    string(TOLOWER ${kind} sanitizer)
    if(ATELIER_SANITIZE MATCHES ${sanitizer} AND CMAKE_CXX_COMPILER_ID STREQUAL Clang)
      target_compile_definitions(house_flags INTERFACE __SANITIZE_${kind}__)
    endif()
  endforeach()
endif()

function(house_include name)  # build/include/<name>/<name> -> the folder
  set(root ${CMAKE_BINARY_DIR}/include/${name})
  file(MAKE_DIRECTORY ${root})
  file(CREATE_LINK ${CMAKE_SOURCE_DIR}/${name} ${root}/${name} SYMBOLIC)
endfunction()

# The sources of a folder are compiled as one unit: their headers, which cost far more than our own lines, are read once.
# Not CMake's UNITY_BUILD, whose units name their sources by absolute paths, so that a compiler cache serves no other clone.
# A source with options of its own stays apart; set them before the target is made. ONE_UNIT: all folders together, while they are
# small. LOOPS: sources that are a unit of their own, below.
function(one_unit_per_folder target)
  cmake_parse_arguments(ARG "ONE_UNIT" "" "LOOPS" ${ARGN})
  if(NOT ATELIER_UNITY)
    return()
  endif()
  get_target_property(sources ${target} SOURCES)
  set(groups)
  foreach(source ${sources})
    get_source_file_property(options ${source} COMPILE_OPTIONS)
    get_source_file_property(definitions ${source} COMPILE_DEFINITIONS)
    if(options OR definitions)
      continue()
    endif()
    cmake_path(ABSOLUTE_PATH source OUTPUT_VARIABLE file)
    cmake_path(RELATIVE_PATH file BASE_DIRECTORY ${CMAKE_SOURCE_DIR})
    cmake_path(GET file PARENT_PATH folder)
    string(MAKE_C_IDENTIFIER ${folder} group)
    if(ARG_ONE_UNIT)
      set(group ${target})
    endif()
    if(source IN_LIST ARG_LOOPS)
      set(group ${target}_loops)
    endif()
    list(APPEND groups ${group})
    string(APPEND unit_${group} "#include \"${file}\"\n")
    set_source_files_properties(${source} PROPERTIES HEADER_FILE_ONLY ON)
  endforeach()
  list(REMOVE_DUPLICATES groups)
  file(GLOB stale ${CMAKE_BINARY_DIR}/units/${target}/*.cpp)  # of folders that are no unit of their own any more
  foreach(group ${groups})
    set(unit ${CMAKE_BINARY_DIR}/units/${target}/${group}.cpp)
    list(REMOVE_ITEM stale ${unit})
    file(CONFIGURE OUTPUT ${unit} CONTENT "${unit_${group}}")  # written only when it changed
    target_sources(${target} PRIVATE ${unit})
  endforeach()
  if(stale)
    file(REMOVE ${stale})
  endif()
endfunction()

# WITHIN: the wing whose folder it lies in, for a part that sees less than the rest.
function(wing name)
  cmake_parse_arguments(ARG "ONE_UNIT" "WITHIN" "SOURCES;LINKS;LOOPS" ${ARGN})
  if(NOT ARG_SOURCES)
    return()
  endif()
  add_library(${name} STATIC ${ARG_SOURCES})
  add_library(atelier::${name} ALIAS ${name})
  set(one_unit)
  if(ARG_ONE_UNIT)
    set(one_unit ONE_UNIT)
  endif()
  one_unit_per_folder(${name} ${one_unit} LOOPS ${ARG_LOOPS})
  set(folder ${name})
  if(ARG_WITHIN)
    set(folder ${ARG_WITHIN})
  endif()
  house_include(${folder})
  target_include_directories(${name} PUBLIC $<BUILD_INTERFACE:${CMAKE_BINARY_DIR}/include/${folder}>
                                            $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/atelier>)
  target_link_libraries(${name} PUBLIC ${ARG_LINKS} PRIVATE $<BUILD_INTERFACE:house_flags>)
  target_compile_features(${name} PUBLIC cxx_std_20)
  set_target_properties(${name} PROPERTIES OUTPUT_NAME atelier-${name})
  install(TARGETS ${name} EXPORT atelier DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(DIRECTORY ${CMAKE_SOURCE_DIR}/${folder} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/atelier
          FILES_MATCHING PATTERN "*.h")
endfunction()

# A wing whose sources call LibTorch's kernels: with the precompiled header, and little optimised, which saves a third of what
# compiling costs; runs take as long within some per cent. Its LOOPS are those sources whose own loops are the speed of the program: without LibTorch,
# fully optimised. (A precompiled header brings its level of optimisation along: g++ heeds no other beside it.)
function(tensor_wing name)
  cmake_parse_arguments(ARG "" "" "LOOPS" ${ARGN})
  list(TRANSFORM ARG_LOOPS PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  wing(${name} ${ARG_UNPARSED_ARGUMENTS} LOOPS ${ARG_LOOPS})
  target_compile_options(${name} PRIVATE "$<$<CONFIG:Release>:-O1;-finline-small-functions;-fstrict-aliasing;-ftree-loop-vectorize>")
  set(loops ${CMAKE_BINARY_DIR}/units/${name}/${name}_loops.cpp ${ARG_LOOPS})
  set_source_files_properties(${loops} PROPERTIES SKIP_PRECOMPILE_HEADERS ON COMPILE_OPTIONS $<$<CONFIG:Release>:-O3>)
endfunction()

# One pool of threads for tensors and for BLAS in this program: RPATH (not RUNPATH) also holds for libtorch's own search
# of libblas.so.3. INTERFACE: in programs that link this library.
function(one_pool_of_threads program)
  file(GLOB openblas /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/openblas-openmp)
  if(openblas AND "INTERFACE" IN_LIST ARGN)
    target_link_options(${program} INTERFACE -Wl,--disable-new-dtags,-rpath,${openblas})
  elseif(openblas)
    target_link_options(${program} PRIVATE -Wl,--disable-new-dtags)
    set_target_properties(${program} PROPERTIES BUILD_RPATH ${openblas} INSTALL_RPATH ${openblas})
  endif()
endfunction()
