# Finds every package. Each becomes an imported target whose headers are SYSTEM (no warnings of ours).
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenMP REQUIRED COMPONENTS CXX)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(HDF5 REQUIRED COMPONENTS C)
find_package(SFML 2.5 REQUIRED COMPONENTS graphics window system)
find_package(box2d REQUIRED)
pkg_check_modules(cairo REQUIRED IMPORTED_TARGET cairo)

add_library(hdf5_c INTERFACE)
target_include_directories(hdf5_c SYSTEM INTERFACE ${HDF5_C_INCLUDE_DIRS})
target_link_libraries(hdf5_c INTERFACE ${HDF5_C_LIBRARIES})

add_library(yaml_cpp INTERFACE)  # the target is yaml-cpp in 0.7 and yaml-cpp::yaml-cpp in 0.8
if(TARGET yaml-cpp::yaml-cpp)
  target_link_libraries(yaml_cpp INTERFACE yaml-cpp::yaml-cpp)
else()
  target_link_libraries(yaml_cpp INTERFACE yaml-cpp)
endif()

if(ATELIER_TORCH)
  find_package(Torch REQUIRED)
  add_library(torch_cpp INTERFACE)  # Torch's own target would set CXX_STANDARD 14 and its own flags on ours
  target_include_directories(torch_cpp SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
  target_link_libraries(torch_cpp INTERFACE ${TORCH_LIBRARIES})
endif()
