// How long the shipped evolution strategy takes to the generation that solves a task.
#pragma once

namespace bench {

// Seconds of CPU time of a run that is told beforehand when to stop: at the first generation after which 50
// greedy episodes have a mean of 475 or more, as a run with evaluations has found. Its evaluations are
// counted in a figure of their own: what it takes somebody who does not know the generation. Ten seeds.
int solving(bool json);

}  // namespace bench
