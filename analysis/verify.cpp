// Everything is read once, and compared with its checksums where it has some.
#include "analysis/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "core/episodes.h"
#include "core/error.h"
#include "core/generations.h"
#include "core/hdf5.h"
#include "core/journal.h"
#include "core/lock.h"
#include "core/run_log.h"
#include "core/shown.h"

namespace analysis {

namespace fs = std::filesystem;

// Checkpoints are written with their seal; what grows with a run gets one as it ends.
enum class Sealed { always, now, not_yet };

static std::string check_file(const core::h5::File& file, Sealed expected) {
  expected == Sealed::always ? file.require_seal() : file.check_seal();
  for (const std::string& dataset : file.datasets("/")) file.check_whole(dataset);
  file.check_contents();
  if (file.is_sealed() || expected == Sealed::not_yet) return "whole";
  return expected == Sealed::always
             ? "can be read (it was written without checksums)"
             : "can be read (nothing seals it: it is an older Atelier's, or was changed)";
}

// All that readers of a run ask for.
static void read_run(const fs::path& folder) {
  const core::RunFile run(folder);
  static_cast<void>(run.config());
  const auto facts = run.attributes();
  core::check(std::ranges::any_of(facts, [](const auto& fact) { return fact.first == "status"; }),
              "{}: is damaged: it does not say how its run stands (no 'status')",
              (folder / "run.h5").string());
  static_cast<void>(run.pictures());
  run.each([](const std::string&, const core::Rows&) {});
}

static bool has_ended(const fs::path& folder) {
  try {
    return core::RunFile(folder).attribute("status") != "running";
  } catch (const core::Error&) {  // which is said of run.h5 itself
    return false;
  }
}

static std::string check_file(const fs::path& path) {
  const std::string name = path.filename().string();
  if (name == "run.h5") read_run(path.parent_path());
  if (name == "episodes.h5") core::EpisodeFile{path};
  const bool grows = name == "run.h5" || name == "episodes.h5";
  const Sealed grown = has_ended(path.parent_path()) ? Sealed::now : Sealed::not_yet;
  return core::h5::read_live(
      path, [&](const core::h5::File& file) { return check_file(file, grows ? grown : Sealed::always); });
}

// What a killed writer left goes into its file, so that any tool can open that again; it stays where it is
// while somebody writes here, or where the disk may not be written to: ours read it there as well.
static void take_in_journals(const fs::path& run) {
  const fs::path grown[] = {run / "run.h5", run / "episodes.h5"};
  if (std::ranges::none_of(grown, [](const fs::path& file) { return fs::exists(core::journal_of(file)); }))
    return;
  try {
    const core::FolderLock alone(run);
    for (const fs::path& file : grown) core::h5::File::require_own_journal(file);  // told as it is opened
    for (const fs::path& file : grown) core::roll_forward(file);
  } catch (const core::Error&) {
  }
}

int verify(const std::vector<fs::path>& runs, std::ostream& out) {
  int code = 0;
  for (const fs::path& run : runs) {
    take_in_journals(run);
    for (const char* name : {"run.h5", "episodes.h5", "last.h5", "previous.h5", "best.h5"}) {
      const fs::path file = run / name;
      if (!fs::exists(file)) continue;
      try {
        out << fmt::format("{}: {}\n", core::shown(file.string()), check_file(file));
      } catch (const core::Error& error) {
        out << core::shown(error.what()) << '\n';
        code = 1;
      }
    }
    if (const std::string remark = core::newest_checkpoint(run).remark; !remark.empty())
      out << fmt::format("{}: --resume goes on from previous.h5\n", core::shown(run.string()));
  }
  return code;
}

}  // namespace analysis
