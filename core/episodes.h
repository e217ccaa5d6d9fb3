// episodes.h5: every evaluation episode, from its own reset(seed): seed and actions replay it. Layout:
// docs/run-file.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/hdf5.h"

namespace core {

// What one row holds. dtype names: float32, uint8, int32, int64.
struct EpisodeFormat {
  std::string env_id;
  std::string env_options;  // the resolved `env:` section as YAML
  std::string obs_dtype = "float32";
  std::vector<hsize_t> obs_shape;
  std::string action_dtype = "int64";
  std::vector<hsize_t> action_shape;  // {} for one discrete action
  hsize_t probabilities = 0;          // widths of /policy/probabilities, q and hidden; 0: absent
  hsize_t q = 0, hidden = 0;
  bool value = false;
  std::string file = {};  // from which it was read; empty for one to be written
};

struct EpisodeHeader {
  int64_t episode = 0;              // its number in the file
  int64_t step = 0, env_steps = 0;  // where training stood
  uint64_t seed = 0;
  char policy[16] = {};  // "greedy", "sampled", "random", ...
  int64_t start = 0;     // first row in /actions; in /observations it is start + episode
  int64_t length = 0;    // steps
  double episode_return = 0;
  uint8_t terminated = 0, truncated = 0;
};

struct Episode {
  EpisodeHeader header;
  std::vector<std::byte> observations;                 // [length + 1, O]
  std::vector<std::byte> actions;                      // [length, A]
  std::vector<double> rewards;                         // [length]
  std::vector<uint8_t> terminated, truncated;          // [length]
  std::vector<float> probabilities, q, hidden, value;  // [length, n], empty when absent
};

class EpisodeLog {
 public:
  // Journaled where it grows beside a run: memory holds what was appended since the last flush.
  static EpisodeLog create(const std::filesystem::path& file, const EpisodeFormat& format,
                           h5::Writing writing = h5::Writing::plain);
  // Cut back to episodes with step <= `step`.
  static EpisodeLog reopen(const std::filesystem::path& file, int64_t step);
  // Sets header.episode and header.start by itself.
  void append(Episode& episode);
  int64_t count() const { return static_cast<int64_t>(headers_.rows()); }
  // Drops all but the first `count`.
  void keep(int64_t count);
  void flush() { file_.flush(); }
  // No episode is to come: from now on it shows where one is missing.
  void seal();
  bool put_back();  // as RunLog's

 private:
  EpisodeLog(h5::File file, EpisodeFormat format);
  void cut_back(int64_t step);

  h5::File file_;
  EpisodeFormat format_;
  h5::ResizableDataset headers_, observations_, actions_, rewards_, terminated_, truncated_;
  std::vector<h5::ResizableDataset> policy_;  // those of the format, as policy_columns() lists them
};

class EpisodeFile {
 public:
  explicit EpisodeFile(const std::filesystem::path& file);
  const EpisodeFormat& format() const { return format_; }
  const std::vector<EpisodeHeader>& headers() const { return headers_; }  // whole episodes only
  Episode read(size_t index) const;

 private:
  explicit EpisodeFile(h5::File file);

  mutable h5::File file_;
  EpisodeFormat format_;
  std::vector<EpisodeHeader> headers_;
};

size_t dtype_size(const std::string& dtype);
// Of the shape of a dataset of rows that of one row; Error where it has none, or no elements or too many.
std::vector<hsize_t> row_of(const std::vector<hsize_t>& shape, const std::string& where);

}  // namespace core
