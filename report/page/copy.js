/**
 * Buttons that copy the text of another element. Where the browser refuses, the text is selected, and the button says
 * what to do.
 */
export function copyButtons() {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.addEventListener("click", () => {
      const source = document.getElementById(button.getAttribute("data-copy") ?? "");
      if (source === null) return;
      navigator.clipboard.writeText(source.textContent ?? "").then(
        () => (button.textContent = "Copied"),
        () => {
          getSelection()?.selectAllChildren(source);
          button.textContent = "Selected: press Ctrl+C";
        },
      );
    });
  }
}
