// Outside the house: `atelier` with one more environment, one more model and one more data source.
#include <commands/atelier.h>
#include <envs/entry.h>

#include "parking.h"
#include "random_features.h"
#include "spirals.h"

int main(int argc, char** argv) {
  return atelier::main(argc, argv,
                       {.envs = {envs::batched<outpost::Parking>(
                            {"Parking-v0", "Stop a car at a line, and stay there", "made here", 100, -10,
                             outpost::parking_controller, outpost::parking_description})},
                        .models = {outpost::random_features()},
                        .data = {{"spirals", "Points of the plane on spiral arms, an arm for each class",
                                  "made here", training::data::factory<outpost::Spirals>}}});
}
