#include "core/generations.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "core/disk_space.h"
#include "core/error.h"
#include "core/hdf5.h"

namespace core {

namespace fs = std::filesystem;

static constexpr const char *last_name = "last.h5", *previous_name = "previous.h5";

static void written(bool success, const fs::path& file, const std::string& why) {
  if (!success) throw Error(fmt::format("{}: cannot be written ({})", file.string(), why), Exit::failed);
}

void sync(const fs::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  const std::string why = std::strerror(errno);
  if (descriptor >= 0) ::close(descriptor);
  written(synced, file, why);
}

void put_in_place(const fs::path& fresh, const fs::path& file) {
  std::error_code error;
  fs::rename(fresh, file, error);
  written(!error, file, error.message());
}

void keep_previous(const fs::path& run) {
  const fs::path draft = run / "previous.h5.tmp";
  std::error_code refused, ignored;
  fs::remove(draft, ignored);
  fs::create_hard_link(run / last_name, draft, refused);
  if (!refused) fs::rename(draft, run / previous_name, refused);
  fs::remove(draft, ignored);  // a rename onto another name of the same file does nothing
}

bool has_checkpoint(const fs::path& run) {
  return fs::exists(run / last_name) || fs::exists(run / previous_name);
}

// Nothing where it is not whole.
static std::optional<int64_t> step_of_whole(const fs::path& path) {
  try {
    const h5::File file = h5::File::open(path);
    file.check_seal();
    for (const std::string& dataset : file.datasets("/")) file.check_whole(dataset);
    return file.whole("/counters", "step");
  } catch (const Error&) {
    return std::nullopt;
  }
}

Checkpoint newest_checkpoint(const fs::path& run) {
  const fs::path last = run / last_name, previous = run / previous_name;
  const bool there = fs::exists(last);
  const bool refused = there && h5::refused_by_system(last) != 0;  // which is no damage
  if (refused || !fs::exists(previous) || (there && step_of_whole(last))) return {last, ""};
  const std::optional<int64_t> step = step_of_whole(previous);
  if (!step) return {last, ""};
  return {previous,
          fmt::format("{}: is {}; previous.h5, the checkpoint of step {}, takes its place", last.string(),
                      there ? "damaged (atelier verify says where)" : "not there", *step)};
}

void put_damaged_aside(const fs::path& run) {
  std::error_code ignored;  // one that cannot be moved will be written over
  fs::rename(run / last_name, run / "last.damaged.h5", ignored);
}

void make_room(const fs::path& run, uint64_t bytes) {
  try {
    require_space(run, bytes);
  } catch (const Error&) {
    std::error_code refused;
    if (!fs::remove(run / previous_name, refused)) throw;
    require_space(run, bytes);
  }
}

}  // namespace core
