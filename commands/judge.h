// A classifier of ours as judge of the pictures that a model makes: trained on demand, kept beside the runs.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "generative/sample_quality.h"
#include "training/loop/session.h"

namespace commands {

struct Judge {
  training::Session classifier;
  training::Dataset test;         // that the pictures are compared with
  generative::Gaussian features;  // the classifier's, of the test set
  double floor;                   // Frechet distance between as many training pictures and the test set
};
// The classifier of this experiment file, trained first (a note on stderr) unless runs/.judges/<name>-<its
// sum> holds it finished with the same config. Error when it classifies no pictures.
Judge load_judge(const std::string& file);

// Error where the file that --judge names is no experiment, though no run may ask for it; then a note says
// so.
void require_judge(const std::string& file, bool is_asked);

// Which judge looks at a run: the one that is told, else the one that the run names; none where it names
// none. A judge is trained, so that what a stranger's run names is taken only where it is a shipped
// experiment: else Error.
std::string judge_of(const std::filesystem::path& run, const std::string& named, const std::string& told);

// The names of what judged() tells.
const std::vector<std::string>& judge_metrics();

// As many pictures as the test set has, sampled with this seed: judge/frechet between the features of both,
// judge/frechet_floor, judge/min_class_share, judge/max_class_share. Error when the model samples no pictures
// of the judge's shape.
std::map<std::string, double> judged(Judge& judge, training::Session& model, uint64_t seed);

}  // namespace commands
