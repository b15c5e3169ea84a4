import { showDiagram } from "./diagram_view.ts";
import type { Diagram } from "../trace/diagram.ts";
import { toCsv } from "../picture/csv.ts";
import { readJson, readPacked } from "./islands.ts";
import { save } from "./save.ts";

for (const figure of document.querySelectorAll<HTMLElement>("[data-diagram]")) {
  void readPacked<Diagram>(figure.dataset["diagram"]!).then((diagram) => {
    showDiagram(figure, diagram);
  });
}

for (const button of document.querySelectorAll<HTMLElement>("[data-copy]")) {
  button.addEventListener("click", () => {
    void navigator.clipboard?.writeText(button.dataset["copy"]!).then(() => {
      button.textContent = "copied";
    });
  });
}

document.getElementById("save-csv")?.addEventListener("click", () => {
  save("failovers.csv", toCsv(readJson("failovers")));
});
