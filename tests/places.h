// Where the house and its built programs lie. CMake tells places.cpp alone, so that the compiler's cache also
// serves a checkout in another folder.
#pragma once

#include <string>

namespace tests {

const std::string& repository();  // the repository's folder
const std::string& programs();    // the folder of the built programs

}  // namespace tests
