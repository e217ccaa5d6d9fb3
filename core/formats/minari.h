// Minari 0.5 datasets (Farama): a folder <name>-v<N> with data/metadata.json and data/main_data.hdf5, in it a
// group for each episode; observations have one row more than actions.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/episodes.h"
#include "core/formats/columns.h"
#include "core/formats/layout.h"
#include "core/formats/minari_space.h"
#include "core/whole_file.h"

namespace core::formats {

struct MinariMetadata {
  std::string dataset_id;                       // [namespace/]name-v<N>
  std::string observation_space, action_space;  // JSON, as Minari writes spaces
  std::string env_spec;                         // JSON of Gymnasium's EnvSpec; empty: not told
  std::string algorithm, description;
};

// Where things lie: "/episode_3", "/episode_3/observations/image".
std::string minari_episode(int64_t episode);
std::string minari_observation(const std::string& episode, const Part& part);

class MinariWriter {
 public:
  // Error when a dataset is in `folder` already or nothing can be written there.
  MinariWriter(const std::filesystem::path& folder, EpisodeFormat format, Layout layout);
  void add(const Episode& episode);
  void finish(const MinariMetadata& facts);  // before that there is no dataset

 private:
  std::filesystem::path data_;
  MadeFolder made_;
  WholeFile whole_;
  EpisodeFormat format_;
  Layout layout_;
  std::optional<h5::File> file_;  // until it is whole
  int64_t episodes_ = 0, steps_ = 0;
};

class MinariReader {
 public:
  // `folder` holds data/main_data.hdf5. Error for what is no dataset of Minari's.
  explicit MinariReader(const std::filesystem::path& folder);
  int64_t count() const { return count_; }
  const std::string& env_spec() const { return env_spec_; }  // of Gymnasium; empty: not told
  const std::string& env_id() const { return env_id_; }      // as Atelier wrote it; empty: another did
  const std::string& env_options() const { return env_options_; }
  // Of an environment that is not known: the observation's parts in the order of its space, without text; as
  // the first episode has it where no space is told (Error for a Dict then). The format follows from them.
  Layout guess_layout() const;
  EpisodeFormat guess_format(const Layout& layout) const;
  bool has_parts() const;  // whether observations are a Dict or a Tuple
  // Episode k in `format`: the seed where it is told, else 0.
  Episode read(int64_t k, const EpisodeFormat& format, const Layout& layout) const;

 private:
  hsize_t steps_of(const std::string& group) const;  // Error where the episode's own count is another
  const Leaf* leaf_of(const Part& part) const;       // null: no space told of it
  void read_part(const std::string& group, const Part& part, hsize_t rows, std::byte* to,
                 const Columns& columns) const;

  h5::File file_;
  int64_t count_ = 0;
  std::string env_spec_, env_id_, env_options_;
  std::vector<Leaf> leaves_;  // of the observation
  bool jpeg_ = false;         // whether pictures are
};

}  // namespace core::formats
