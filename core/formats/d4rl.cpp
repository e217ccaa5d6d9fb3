// Flat datasets, and where episodes end in them.
#include "core/formats/d4rl.h"

#include <cstring>

#include "core/dtype.h"
#include "core/error.h"
#include "core/formats/columns.h"
#include "core/memory.h"

namespace core::formats {

D4rlWriter::D4rlWriter(const std::filesystem::path& file, EpisodeFormat format)
    : format_(std::move(format)), file_(h5::File::create(file)) {
  file_.write_text("/metadata/env_id", format_.env_id);
  file_.write_text("/metadata/env_options", format_.env_options);
}

void D4rlWriter::add(const Episode& e) {
  const auto steps = static_cast<hsize_t>(e.header.length);
  // Numbers of states stay whole; all else is float32, as D4RL's readers expect.
  const std::string obs_dtype = format_.obs_shape.empty() ? "int64" : "float32";
  const Shape obs{dtype_id(obs_dtype), format_.obs_shape}, real{H5T_NATIVE_FLOAT, {}};
  const Columns from{dtype_id(format_.obs_dtype), width_of(obs.row)};
  const size_t row = width_of(obs.row) * dtype_size(format_.obs_dtype);
  const Shape action{dtype_id(format_.action_dtype), format_.action_shape};
  append(file_, "/observations", obs, e.observations.data(), steps, from);
  append(file_, "/next_observations", obs, e.observations.data() + row, steps, from);
  append(file_, "/actions", action, e.actions.data(), steps, {action.type, width_of(action.row)});
  append(file_, "/rewards", real, e.rewards.data(), steps, {H5T_NATIVE_DOUBLE});
  std::vector<uint8_t> timeouts = e.truncated;
  if (!timeouts.empty() && !e.terminated.back())
    timeouts.back() = 1;  // cut by the recorder: the next row is another episode's
  const h5::Handle flag = flag_type();
  append(file_, "/terminals", {flag, {}}, e.terminated.data(), steps, {flag});
  append(file_, "/timeouts", {flag, {}}, timeouts.data(), steps, {flag});
  append(file_, "/metadata/seeds", {H5T_NATIVE_UINT64, {}}, &e.header.seed, 1, {H5T_NATIVE_UINT64});
}

D4rlReader::D4rlReader(const std::filesystem::path& path, int64_t time_limit) : file_(h5::File::open(path)) {
  for (const char* needed : {"/observations", "/actions", "/rewards", "/terminals"})
    check(file_.exists(needed), "{}: is no file of D4RL's (it has no '{}')", path.string(), needed + 1);
  whole_ = file_.exists("/next_observations");
  terminals_ = read_flags(file_, "/terminals");
  if (file_.exists("/timeouts")) timeouts_ = read_flags(file_, "/timeouts");
  if (file_.exists("/metadata/env_id")) env_id_ = file_.read_text("/metadata/env_id");
  if (file_.exists("/metadata/env_options")) env_options_ = file_.read_text("/metadata/env_options");
  for (const char* column : {"/observations", "/next_observations", "/actions", "/rewards", "/timeouts"})
    if (file_.exists(column)) require_rows(file_, column, terminals_.size());
  find_ends(timeouts_.empty() ? time_limit : 0);
  check(!ends_.empty(), "{}: holds no step", path.string());
  if (file_.exists("/metadata/seeds")) read_seeds();
}

void D4rlReader::read_seeds() {
  const std::string name = "/metadata/seeds";
  const std::string kind = file_.info(name).dtype;
  check(kind.starts_with("int") || kind.starts_with("uint"), "{}: '{}' are no whole numbers", file_.name(),
        name);
  seeds_.resize(ends_.size());
  read_all(file_, name, 1, seeds_.size(), seeds_.data(), {H5T_NATIVE_UINT64});
}

void D4rlReader::find_ends(int64_t time_limit) {
  timeouts_.resize(terminals_.size());
  hsize_t begin = 0;
  for (hsize_t row = 0; row < terminals_.size(); ++row) {
    const bool late = time_limit > 0 && row + 1 - begin == static_cast<hsize_t>(time_limit);
    if (late && !terminals_[row]) timeouts_[row] = 1;
    if (!terminals_[row] && !timeouts_[row] && row + 1 < terminals_.size()) continue;
    ends_.push_back(begin = row + 1);
  }
}

EpisodeFormat D4rlReader::guess_format() const {
  EpisodeFormat format{.env_id = env_id_, .env_options = env_options_};
  const h5::Info obs = file_.info("/observations"), actions = file_.info("/actions");
  if (obs.dtype != "float64") format.obs_dtype = obs.dtype;
  format.obs_shape = row_of(obs.shape, file_.name() + ": '/observations'");
  format.action_dtype = actions.dtype.starts_with("float") ? "float32" : "int64";
  format.action_shape = row_of(actions.shape, file_.name() + ": '/actions'");
  return format;
}

Episode D4rlReader::read(int64_t k, const EpisodeFormat& format) const {
  const auto index = static_cast<size_t>(k);
  const hsize_t begin = index == 0 ? 0 : ends_[index - 1], steps = ends_[index] - begin;
  const Columns obs{dtype_id(format.obs_dtype), width_of(format.obs_shape)};
  const Columns action{dtype_id(format.action_dtype), width_of(format.action_shape)};
  const size_t row = obs.width * dtype_size(format.obs_dtype);
  foresee_memory(static_cast<double>(steps + 1) * static_cast<double>(row), file_.name() + ": an episode");
  Episode e;
  e.header.length = static_cast<int64_t>(steps);
  e.header.seed = index < seeds_.size() ? seeds_[index] : 0;
  e.observations.resize((steps + 1) * row);
  formats::read(file_, "/observations", obs.width, begin, steps, e.observations.data(), obs);
  std::byte* last = e.observations.data() + steps * row;
  if (whole_)
    formats::read(file_, "/next_observations", obs.width, begin + steps - 1, 1, last, obs);
  else
    std::memcpy(last, last - row, row);
  e.actions.resize(steps * action.width * dtype_size(format.action_dtype));
  formats::read(file_, "/actions", action.width, begin, steps, e.actions.data(), action);
  e.rewards.resize(steps);
  formats::read(file_, "/rewards", 1, begin, steps, e.rewards.data(), {H5T_NATIVE_DOUBLE});
  const auto from = static_cast<ptrdiff_t>(begin), to = static_cast<ptrdiff_t>(begin + steps);
  e.terminated.assign(terminals_.begin() + from, terminals_.begin() + to);
  e.truncated.assign(timeouts_.begin() + from, timeouts_.begin() + to);
  return e;
}

}  // namespace core::formats
