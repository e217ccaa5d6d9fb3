// What a run of the program costs, as its user runs it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace bench {

// CPU seconds, user and system, of one run of atelier-torch with these words after its name; its output is
// dropped. Error when it fails.
double cpu_seconds(const std::vector<std::string>& words);

// One of our programs ("atelier") with these words after its name, until its owner goes; its output goes to
// `output`, a file, or is dropped.
class Started {
 public:
  Started(const std::string& program, std::vector<std::string> words,
          const std::string& output = "/dev/null");
  ~Started();  // ends it
  Started(const Started&) = delete;
  Started& operator=(const Started&) = delete;
  void wait();  // Error when it fails

 private:
  std::string line_;
  int child_ = 0;
};
// Wall seconds of one run of `atelier`. Error when it fails.
double wall_seconds(const std::vector<std::string>& words);

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
