// atelier list and describe: read from the tables that the build wrote beside the programs, or made here.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace commands {

// Of a program that makes them itself.
using MakeTables = nlohmann::json (*)();
void use_tables(MakeTables make);
int list(const std::string& kind);
int describe(const std::string& name);

}  // namespace commands
