// last.h5 and best.h5: exactly what a learner registered. Written beside, synced, then renamed; read
// strictly.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "training/loop/session.h"

namespace training {

// Writes `file`, a last.h5, whole or not at all; the one that was there stays as previous.h5. Error(failed)
// when the disk is full.
void save_checkpoint(Session& session, const std::string& config, const std::filesystem::path& file);
// Writes what load_weights reads, and nothing that only a resume needs, such as a replay.
void save_weights(Session& session, const std::string& config, const std::filesystem::path& file);
// Everything, for a resume: names, shapes and dtypes are compared first; Error with a readable difference.
void load_checkpoint(Session& session, const std::filesystem::path& file);
// Parameters and buffers of modules alone (averaged ones where the run kept them); for a whole init_from,
// eval, sample, play.
void load_weights(Session& session, const std::filesystem::path& file);
// A session built from the config in `file` (best.h5 or last.h5) against these tables, with its weights: what
// programs need that only use what was trained. Built for `purpose`, which is not to learn.
Session load_trained(const std::filesystem::path& file, const Catalog& catalog,
                     Purpose purpose = Purpose::inference);
// Tensors by the names that the file has for them, as Registry::tensors() does.
using NamedTensors = std::vector<std::pair<std::string, torch::Tensor>>;
// Some of a checkpoint's, whose names and shapes the caller has compared; averages begin there.
void load_tensors(Session& session, const std::filesystem::path& file, const NamedTensors& tensors);
// "float32 [64, 4]"
std::string signature(const torch::Tensor& tensor);
// The resolved config that a checkpoint carries.
std::string checkpoint_config(const std::filesystem::path& file);

}  // namespace training
