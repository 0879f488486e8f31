/** Says something for a moment, at the edge of the screen. What draws it comes with the first one. */
export const toast = (text: string): void => void import('./toaster').then(({ show }) => show(text))

/** The same for what went wrong. */
export const toastError = (text: string): void =>
  void import('./toaster').then(({ showError }) => showError(text))
