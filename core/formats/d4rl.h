// D4RL files: the steps of all episodes one after another in flat datasets. A step has its observation before
// the action; next_observations, which newer files have, keeps the one after it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/episodes.h"

namespace core::formats {

class D4rlWriter {
 public:
  // Replaces `file`. Error when it cannot be made.
  D4rlWriter(const std::filesystem::path& file, EpisodeFormat format);
  void add(const Episode& episode);
  void finish() { file_.flush(); }

 private:
  EpisodeFormat format_;
  h5::File file_;
};

class D4rlReader {
 public:
  // Episodes end at terminals and timeouts; in a file without timeouts also after `time_limit` steps (0:
  // none). Error for what is no file of D4RL's.
  D4rlReader(const std::filesystem::path& file, int64_t time_limit);
  int64_t count() const { return static_cast<int64_t>(ends_.size()); }
  const std::string& env_id() const { return env_id_; }  // empty when it is not told
  const std::string& env_options() const { return env_options_; }
  bool whole() const { return whole_; }  // last observations are there; else read() repeats the one before
  EpisodeFormat guess_format() const;
  Episode read(int64_t k, const EpisodeFormat& format) const;

 private:
  void find_ends(int64_t time_limit);
  void read_seeds();

  h5::File file_;
  bool whole_ = false;
  std::string env_id_, env_options_;
  std::vector<hsize_t> ends_;  // row after the last one of each episode
  std::vector<uint8_t> terminals_, timeouts_;
  std::vector<uint64_t> seeds_;
};

}  // namespace core::formats
