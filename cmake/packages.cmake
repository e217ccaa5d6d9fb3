# Finds every package and names all that are missing at once. Each becomes an imported target whose headers are SYSTEM
# (no warnings of ours). On systems other than Debian CMAKE_PREFIX_PATH says where they are.

set(missing "")
macro(house_package name debian)  # house_package(fmt libfmt-dev [find_package's further arguments])
  find_package(${name} QUIET ${ARGN})
  if(NOT ${name}_FOUND)
    list(APPEND missing "${name} (Debian: ${debian})")
  endif()
endmacro()

house_package(Threads libc6-dev)
house_package(OpenMP g++ COMPONENTS CXX)
house_package(fmt libfmt-dev)
house_package(nlohmann_json nlohmann-json3-dev)
house_package(yaml-cpp libyaml-cpp-dev)
house_package(CLI11 libcli11-dev)
house_package(ZLIB zlib1g-dev)
house_package(JPEG libjpeg-dev)
house_package(HDF5 libhdf5-dev COMPONENTS C)
house_package(SFML libsfml-dev 2.5 COMPONENTS graphics window system)
house_package(box2d libbox2d-dev)
house_package(PkgConfig pkgconf)
if(PkgConfig_FOUND)
  pkg_check_modules(cairo_ft QUIET IMPORTED_TARGET GLOBAL cairo-ft freetype2)  # Debian's libcairo2-dev brings both
endif()
if(NOT cairo_ft_FOUND)
  list(APPEND missing "cairo-ft (Debian: libcairo2-dev)")
endif()
if(ATELIER_TORCH)
  house_package(Torch libtorch-dev)
endif()
if(ATELIER_TESTS)
  house_package(Catch2 catch2)
endif()

if(missing)
  list(JOIN missing "\n  Missing: " missing)
  message(FATAL_ERROR "Packages that CMake cannot find (CMAKE_PREFIX_PATH adds places to look):\n  Missing: ${missing}")
endif()

add_library(hdf5_c INTERFACE IMPORTED GLOBAL)
target_include_directories(hdf5_c SYSTEM INTERFACE ${HDF5_C_INCLUDE_DIRS})
target_link_libraries(hdf5_c INTERFACE ${HDF5_C_LIBRARIES})

add_library(yaml_cpp INTERFACE IMPORTED GLOBAL)  # the target is yaml-cpp in 0.7 and yaml-cpp::yaml-cpp in 0.8
if(TARGET yaml-cpp::yaml-cpp)
  target_link_libraries(yaml_cpp INTERFACE yaml-cpp::yaml-cpp)
else()
  target_link_libraries(yaml_cpp INTERFACE yaml-cpp)
endif()

if(ATELIER_TORCH)
  add_library(torch_cpp INTERFACE IMPORTED GLOBAL)  # Torch's own target would set CXX_STANDARD 14 and its own flags on ours
  target_include_directories(torch_cpp SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
  target_link_libraries(torch_cpp INTERFACE ${TORCH_LIBRARIES})
endif()
