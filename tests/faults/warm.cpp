// A program that is loaded once and lives often: with ATELIER_WARM it waits until it is told words,
// surroundings and a folder, and becomes the program in a child, again and again. Loading LibTorch is most of
// what a fault costs. As AFL's fork server does it.
//   FOLDER/ask    a pipe: folder, file for what is said, NAME=VALUE..., "--", WORD..., "", each with a NUL
//   FOLDER/tell   a pipe: a line with the child's process, then one with its exit code, 128 and the signal's
//                 number where one ended it
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "tests/faults/plan.h"

namespace {

using Main = int (*)(int, char**, char**);

Main& program() {
  static Main one = nullptr;
  return one;
}

struct Life {
  std::string folder, said;
  std::vector<std::string> surroundings, words;
};

std::string next_word(FILE* ask) {
  std::string word;
  int c = 0;
  while ((c = std::fgetc(ask)) > 0) word += static_cast<char>(c);
  if (c == EOF) std::_Exit(1);
  return word;
}

Life next_life(FILE* ask) {
  Life life{next_word(ask), next_word(ask), {}, {}};
  for (std::string word = next_word(ask); word != "--"; word = next_word(ask))
    life.surroundings.push_back(word);
  for (std::string word = next_word(ask); !word.empty(); word = next_word(ask)) life.words.push_back(word);
  return life;
}

void tell(int where, int number) {
  const std::string line = std::to_string(number) + "\n";
  if (::write(where, line.data(), line.size()) < 0) std::_Exit(1);
}

// By _exit: half of the time of a short run LibTorch takes its tables apart, which nobody needs any more.
[[noreturn]] void end(int code) {
  faults::write_count();
  std::fflush(nullptr);
  ::_exit(code);
}

int live(Life& life) {
  const int nothing = ::open("/dev/null", O_RDONLY),
            said = ::open(life.said.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (nothing < 0 || said < 0 || ::chdir(life.folder.c_str()) != 0) return 127;
  ::dup2(nothing, STDIN_FILENO);
  for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) ::dup2(said, stream);
  for (std::string& setting : life.surroundings) ::putenv(setting.data());
  for (const int mine : {nothing, said}) ::close(mine);
  faults::read_plan_again();
  std::vector<char*> argv;
  for (std::string& word : life.words) argv.push_back(word.data());
  argv.push_back(nullptr);
  return program()(static_cast<int>(life.words.size()), argv.data(), environ);
}

int serve(int /*argc*/, char** /*argv*/, char** /*environment*/) {
  const std::string folder = std::getenv("ATELIER_WARM");
  ::unsetenv("ATELIER_WARM");
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // it ends with the script
  FILE* ask = std::fopen((folder + "/ask").c_str(), "r+e");
  const int told = ::open((folder + "/tell").c_str(), O_RDWR | O_CLOEXEC);
  if (ask == nullptr || told < 0) return 1;
  for (;;) {
    static Life life;  // the child's argv and environment point at it
    life = next_life(ask);
    const pid_t child = ::fork();
    if (child == 0) end(live(life));
    tell(told, child);
    int status = 0;
    ::waitpid(child, &status, 0);
    tell(told, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
  }
}

}  // namespace

extern "C" int __libc_start_main(Main real_main, int argc, char** argv, void (*begin)(), void (*end)(),
                                 void (*loader_end)(), void* stack_end) {
  using Start = int(Main, int, char**, void (*)(), void (*)(), void (*)(), void*);
  auto* const start = reinterpret_cast<Start*>(::dlsym(RTLD_NEXT, "__libc_start_main"));
  program() = real_main;
  return start(std::getenv("ATELIER_WARM") != nullptr ? serve : real_main, argc, argv, begin, end, loader_end,
               stack_end);
}
