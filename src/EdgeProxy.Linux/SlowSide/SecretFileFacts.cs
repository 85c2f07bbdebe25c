namespace EdgeProxy.Linux;

/// <summary>
/// Who may read a file that was opened, by fstat of the open file, so nothing can be swapped in between.
/// </summary>
/// <param name="IsRegular">A file of bytes, and not a directory, device, pipe or socket.</param>
/// <param name="Mode">Permission bits.</param>
/// <param name="Owner">User id.</param>
public readonly record struct SecretFileFacts(bool IsRegular, uint Mode, uint Owner);
