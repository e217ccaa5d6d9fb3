// Minari 0.5 datasets (Farama): a folder <name>-v<N> with data/metadata.json and data/main_data.hdf5, in it a
// group for each episode; observations have one row more than actions.
#pragma once

#include <filesystem>
#include <string>

#include "core/episodes.h"
#include "core/formats/layout.h"

namespace core::formats {

struct MinariFacts {
  std::string dataset_id;                       // [namespace/]name-v<N>
  std::string observation_space, action_space;  // JSON, as Minari writes spaces
  std::string env_spec;                         // JSON of Gymnasium's EnvSpec; empty: not told
  std::string algorithm, description;
};

class MinariWriter {
 public:
  // Error when a dataset is in `folder` already or nothing can be written there.
  MinariWriter(const std::filesystem::path& folder, EpisodeFormat format, Layout layout);
  void add(const Episode& episode);
  void finish(const MinariFacts& facts);  // a dataset without its metadata.json is none

 private:
  std::filesystem::path data_;
  EpisodeFormat format_;
  Layout layout_;
  h5::File file_;
  int64_t episodes_ = 0, steps_ = 0;
};

class MinariReader {
 public:
  // `folder` holds data/main_data.hdf5. Error for what is no dataset of Minari's, or one with JPEG pictures.
  explicit MinariReader(const std::filesystem::path& folder);
  int64_t count() const { return count_; }
  const std::string& env_id() const { return env_id_; }  // empty when it is not told
  const std::string& env_options() const { return env_options_; }
  // As the first episode has it; Error for Dict and Tuple observations, whose order of parts it cannot know.
  EpisodeFormat guess_format() const;
  // Episode k in `format`: the seed where it is told, else 0.
  Episode read(int64_t k, const EpisodeFormat& format, const Layout& layout) const;

 private:
  h5::File file_;
  int64_t count_ = 0;
  std::string env_id_, env_options_;
};

}  // namespace core::formats
