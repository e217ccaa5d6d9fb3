#include "core/episodes.h"

#include <algorithm>
#include <cstddef>
#include <limits>

#include "core/dtype.h"
#include "core/error.h"
#include "core/hdf5_in_place.h"

namespace core {

static constexpr int64_t episode_format_version = 1;

hid_t dtype_id(const std::string& dtype) {
  if (dtype == "float32") return H5T_NATIVE_FLOAT;
  if (dtype == "uint8") return H5T_NATIVE_UINT8;
  if (dtype == "int32") return H5T_NATIVE_INT32;
  check(dtype == "int64", "unknown dtype '{}' in an episodes file", dtype);
  return H5T_NATIVE_INT64;
}

static bool is_dtype(const std::string& dtype) {
  return dtype == "float32" || dtype == "uint8" || dtype == "int32" || dtype == "int64";
}

size_t dtype_size(const std::string& dtype) { return H5Tget_size(dtype_id(dtype)); }

std::vector<hsize_t> row_of(const std::vector<hsize_t>& shape, const std::string& where) {
  constexpr double most = 1 << 28;  // elements
  check(!shape.empty(), "{} is to be rows, found a single value", where);
  double elements = 1;
  for (size_t axis = 1; axis < shape.size(); ++axis) elements *= static_cast<double>(shape[axis]);
  check(elements >= 1 && elements <= most, "{} has rows of {:.12g} elements, expected 1 .. {:.12g}", where,
        elements, most);
  return {shape.begin() + 1, shape.end()};
}

static h5::Handle header_type() {
  h5::Handle type(H5Tcreate(H5T_COMPOUND, sizeof(EpisodeHeader)), H5Tclose);
  h5::Handle policy(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(policy, sizeof(EpisodeHeader::policy));
  const auto whole = [&](const char* name, size_t offset) {
    H5Tinsert(type, name, offset, H5T_NATIVE_INT64);
  };
  whole("episode", offsetof(EpisodeHeader, episode));
  whole("step", offsetof(EpisodeHeader, step));
  whole("env_steps", offsetof(EpisodeHeader, env_steps));
  H5Tinsert(type, "seed", offsetof(EpisodeHeader, seed), H5T_NATIVE_UINT64);
  H5Tinsert(type, "policy", offsetof(EpisodeHeader, policy), policy);
  whole("start", offsetof(EpisodeHeader, start));
  whole("length", offsetof(EpisodeHeader, length));
  H5Tinsert(type, "return", offsetof(EpisodeHeader, episode_return), H5T_NATIVE_DOUBLE);
  H5Tinsert(type, "terminated", offsetof(EpisodeHeader, terminated), H5T_NATIVE_UINT8);
  H5Tinsert(type, "truncated", offsetof(EpisodeHeader, truncated), H5T_NATIVE_UINT8);
  return type;
}

// About 16 KiB a chunk, whatever the row.
static hsize_t chunk_rows(const std::vector<hsize_t>& row, size_t item) {
  size_t bytes = item;
  for (const hsize_t d : row) bytes *= d;
  return std::max<hsize_t>(1, 16384 / std::max<size_t>(1, bytes));
}

namespace {

// A dataset of what the policy told beside its actions, where it did.
struct PolicyColumn {
  const char* path;
  std::vector<hsize_t> row;
  std::vector<float> Episode::*values;  // [length, row]
};

}  // namespace

static std::vector<PolicyColumn> policy_columns(const EpisodeFormat& format) {
  std::vector<PolicyColumn> all;
  if (format.probabilities)
    all.push_back({"/policy/probabilities", {format.probabilities}, &Episode::probabilities});
  if (format.q) all.push_back({"/policy/q", {format.q}, &Episode::q});
  if (format.hidden) all.push_back({"/policy/hidden", {format.hidden}, &Episode::hidden});
  if (format.value) all.push_back({"/policy/value", {}, &Episode::value});
  return all;
}

EpisodeLog::EpisodeLog(h5::File file, EpisodeFormat format)
    : file_(std::move(file)), format_(std::move(format)) {
  const auto grow = [&](const char* path, hid_t type, const std::vector<hsize_t>& row) {
    return h5::ResizableDataset(file_, path, type, row, chunk_rows(row, H5Tget_size(type)));
  };
  const h5::Handle header = header_type();
  headers_ = grow("/episodes", header, {});
  observations_ = grow("/observations", dtype_id(format_.obs_dtype), format_.obs_shape);
  actions_ = grow("/actions", dtype_id(format_.action_dtype), format_.action_shape);
  rewards_ = grow("/rewards", H5T_NATIVE_DOUBLE, {});
  terminated_ = grow("/terminated", H5T_NATIVE_UINT8, {});
  truncated_ = grow("/truncated", H5T_NATIVE_UINT8, {});
  for (const PolicyColumn& told : policy_columns(format_))
    policy_.push_back(grow(told.path, H5T_NATIVE_FLOAT, told.row));
}

EpisodeLog EpisodeLog::create(const std::filesystem::path& path, const EpisodeFormat& format,
                              h5::Writing writing) {
  h5::File file = h5::File::create(path, writing);
  file.set("/", "format", std::string("atelier-episodes"));
  file.set("/", "format_version", episode_format_version);
  file.unseal();
  file.set("/", "env", format.env_id);
  file.set("/", "env_options", format.env_options);
  EpisodeLog log(std::move(file), format);
  log.flush();
  return log;
}

bool EpisodeLog::put_back() {
  if (h5::is_in_place(file_)) return false;
  h5::put_back(file_);
  *this = reopen(file_.name(), std::numeric_limits<int64_t>::max());
  return true;
}

static EpisodeFormat read_format(const h5::File& file) {
  const bool ours = file.has("/", "format") && file.text("/", "format") == "atelier-episodes";
  check(ours, "{}: is no episodes file of Atelier", file.name());
  const int64_t version = file.whole("/", "format_version");
  check(version <= episode_format_version,
        "{}: was written by a newer Atelier (format {}, this one reads up to {})", file.name(), version,
        episode_format_version);
  EpisodeFormat format{
      .env_id = file.text("/", "env"), .env_options = file.text("/", "env_options"), .file = file.name()};
  const h5::Info obs = file.info("/observations"), actions = file.info("/actions");
  format.obs_dtype = obs.dtype;
  format.action_dtype = actions.dtype;
  for (const auto& [path, dtype] : {std::pair{"/observations", obs.dtype}, {"/actions", actions.dtype}})
    check(is_dtype(dtype), "{}: '{}' holds {}, expected float32, uint8, int32 or int64", file.name(), path,
          dtype);
  format.obs_shape = row_of(obs.shape, file.name() + ": '/observations'");
  format.action_shape = row_of(actions.shape, file.name() + ": '/actions'");
  const auto width = [&](const char* path) {
    return file.exists(path) ? file.shape(path, {h5::any, h5::any})[1] : 0;
  };
  format.probabilities = width("/policy/probabilities");
  format.q = width("/policy/q");
  format.hidden = width("/policy/hidden");
  format.value = file.exists("/policy/value");
  return format;
}

// Whether the header promises rows that are there, right after those of the episode before.
static bool follows(const EpisodeHeader& header, int64_t episode, int64_t start, int64_t rows) {
  return header.episode == episode && header.start == start && header.length >= 1 &&
         header.length <= rows - start;
}

// Those at the end may not have been written yet, or be promises of rows that were not.
static void keep_whole(std::vector<EpisodeHeader>& headers, int64_t rows, const std::string& file) {
  int64_t start = 0;
  size_t whole = 0;
  for (; whole < headers.size(); ++whole) {
    headers[whole].policy[sizeof headers[whole].policy - 1] = '\0';
    if (!follows(headers[whole], static_cast<int64_t>(whole), start, rows)) break;
    start += headers[whole].length;
  }
  const bool torn = std::all_of(headers.begin() + static_cast<ptrdiff_t>(whole), headers.end(),
                                [&](const EpisodeHeader& header) {
                                  return header.length == 0 || header.length > rows ||
                                         (header.length > 0 && header.start > rows - header.length);
                                });
  check(torn, "{}: the header of episode {} cannot be: its rows are not behind those of the one before", file,
        whole);
  headers.resize(whole);
}

EpisodeLog EpisodeLog::reopen(const std::filesystem::path& path, int64_t step) {
  h5::File file = h5::File::open(path, true, h5::Writing::journaled);
  EpisodeFormat format = read_format(file);
  file.check_seal();
  file.check_contents();
  file.unseal();
  EpisodeLog log(std::move(file), std::move(format));
  log.cut_back(step);
  return log;
}

void EpisodeLog::seal() {
  file_.seal();
  file_.flush();
}

void EpisodeLog::cut_back(int64_t step) {
  std::vector<EpisodeHeader> headers(file_.elements("/episodes", sizeof(EpisodeHeader)));
  headers_.read(0, headers_.rows(), headers.data());
  keep_whole(headers, static_cast<int64_t>(actions_.rows()), file_.name());
  size_t kept = 0;
  while (kept < headers.size() && headers[kept].step <= step) ++kept;
  keep(static_cast<int64_t>(kept));
}

void EpisodeLog::keep(int64_t count) {
  const auto kept = static_cast<hsize_t>(count);
  EpisodeHeader last;
  if (kept > 0) headers_.read(kept - 1, 1, &last);
  const auto rows = static_cast<hsize_t>(last.start) + static_cast<hsize_t>(last.length);
  headers_.truncate(kept);
  observations_.truncate(rows + kept);
  for (h5::ResizableDataset* column : {&actions_, &rewards_, &terminated_, &truncated_})
    column->truncate(rows);
  for (h5::ResizableDataset& column : policy_) column.truncate(rows);
}

void EpisodeLog::append(Episode& episode) {
  const auto length = static_cast<hsize_t>(episode.header.length);
  episode.header.episode = static_cast<int64_t>(headers_.rows());
  episode.header.start = static_cast<int64_t>(actions_.rows());
  observations_.append(episode.observations.data(), length + 1);
  actions_.append(episode.actions.data(), length);
  rewards_.append(episode.rewards.data(), length);
  terminated_.append(episode.terminated.data(), length);
  truncated_.append(episode.truncated.data(), length);
  const std::vector<PolicyColumn> all = policy_columns(format_);
  for (size_t k = 0; k < all.size(); ++k) policy_[k].append((episode.*all[k].values).data(), length);
  headers_.append(&episode.header, 1);  // last: a header promises whole rows
}

EpisodeFile::EpisodeFile(const std::filesystem::path& path)
    : EpisodeFile(h5::read_live(path, [](h5::File file) { return EpisodeFile(std::move(file)); })) {}

EpisodeFile::EpisodeFile(h5::File file) : file_(std::move(file)), format_(read_format(file_)) {
  file_.check_seal();
  const h5::Axes shape = file_.shape("/episodes", {h5::any});
  headers_.resize(file_.elements("/episodes", sizeof(EpisodeHeader)));
  file_.read("/episodes", headers_.data(), header_type(), shape);
  const size_t promised = headers_.size();
  keep_whole(headers_, static_cast<int64_t>(file_.shape("/rewards", {h5::any})[0]), file_.name());
  check(!file_.is_sealed() || headers_.size() == promised,
        "{}: is damaged: the header of episode {} cannot be", file_.name(), headers_.size());
}

template <class T>
static void read_rows(h5::File& file, const char* path, hid_t type, const std::vector<hsize_t>& row,
                      int64_t first, int64_t rows, std::vector<T>& out) {
  const h5::ResizableDataset held(file, path, type, row, 1);
  check(first >= 0 && rows >= 0 && static_cast<hsize_t>(first) + static_cast<hsize_t>(rows) <= held.rows(),
        "{}: '{}' has {} rows, expected {}", file.name(), path, held.rows(), first + rows);
  size_t bytes = H5Tget_size(type);
  for (const hsize_t d : row) bytes *= d;
  out.resize(static_cast<size_t>(rows) * bytes / sizeof(T));
  held.read(static_cast<hsize_t>(first), static_cast<hsize_t>(rows), out.data());
}

Episode EpisodeFile::read(size_t index) const {
  check(index < headers_.size(), "{}: has {} episodes, no episode {}", file_.name(), headers_.size(), index);
  Episode e{.header = headers_[index]};
  const int64_t start = e.header.start, length = e.header.length;
  read_rows(file_, "/observations", dtype_id(format_.obs_dtype), format_.obs_shape, start + e.header.episode,
            length + 1, e.observations);
  read_rows(file_, "/actions", dtype_id(format_.action_dtype), format_.action_shape, start, length,
            e.actions);
  read_rows(file_, "/rewards", H5T_NATIVE_DOUBLE, {}, start, length, e.rewards);
  read_rows(file_, "/terminated", H5T_NATIVE_UINT8, {}, start, length, e.terminated);
  read_rows(file_, "/truncated", H5T_NATIVE_UINT8, {}, start, length, e.truncated);
  for (const PolicyColumn& told : policy_columns(format_))
    read_rows(file_, told.path, H5T_NATIVE_FLOAT, told.row, start, length, e.*told.values);
  return e;
}

}  // namespace core
