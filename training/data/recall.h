// How data enter a learner's build, and what a checkpoint remembers of them, so that weights keep their
// meaning where the data are gone: the shape and type of a row, the names of its classes, numbers or kinds,
// its words, and where points of the plane lie.
#pragma once

#include <memory>

#include "training/data/all.h"
#include "training/loop/learner.h"

namespace training::data {

// What sampling does with held-out rows: it shows some where they can be read, or needs none.
enum class HeldOutRows { not_needed, shown };

// The data, which the build remembers from now on. Where weights are only used, what their checkpoint
// remembers does instead: parts without a row. HeldOutRows::shown asks for the data all the same, and a
// note says why they are not there.
Data load(Build& build, const Options& options, HeldOutRows held_out);

// What is learned from, as the source "train" of the build: the table, or without end; of Options::labelled
// the rows that tell their labels. Null where weights are only used and rows are not there.
std::unique_ptr<Source> register_source(Build& build, const Data& data, const Options& options);
// Beside it, for learners that take rows without labels too: all of those to learn from, as the source
// "unlabelled". Null likewise; Error without Options::labelled.
std::unique_ptr<Source> register_unlabelled(Build& build, const Data& data, const Options& options);

}  // namespace training::data
