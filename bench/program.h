// What a run of the program costs, as its user runs it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace bench {

// CPU seconds, user and system, of one run of atelier-torch with these words after its name; its output is
// dropped. Error when it fails.
double cpu_seconds(const std::vector<std::string>& words);

// A shipped experiment's file.
std::string experiment(const std::string& name);

// A folder of this process's own, gone when it goes.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace bench
